import { Controller, type MessageEvent, Sse } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  distinctUntilChanged,
  from,
  map,
  type Observable,
  exhaustMap,
  takeWhile,
  timer,
  finalize,
  shareReplay,
} from 'rxjs';
import { type Caller, CurrentCaller } from '../../platform/security/index.js';
import { inboxStream } from './inbox.events.js';
import { MailboxReporting } from './mailbox-report.js';

const LOOK_EVERY_MS = 500;

/** The import's progress as it goes (R29, R30): server-sent events, the last one when it has ended. */
@ApiTags('ユーザーメール設定')
@Controller('me/mail-setting/import')
export class ImportStreamController {
  /** One per user who watches, however many windows they watch in. */
  private readonly watched = new Map<string, Observable<MessageEvent>>();

  constructor(private readonly reporting: MailboxReporting) {}

  @Sse('stream')
  @ApiOperation({ summary: '取込みの進み具合 / progress of the import, as server-sent events' })
  @ApiProduces('text/event-stream')
  stream(@CurrentCaller() { company, userId }: Caller): Observable<MessageEvent> {
    const key = inboxStream(company, userId);
    const stream = this.watched.get(key) ?? this.watch(company, userId, () => this.watched.delete(key));
    this.watched.set(key, stream);
    return stream;
  }

  private watch(company: string, userId: string, ended: () => void): Observable<MessageEvent> {
    return timer(0, LOOK_EVERY_MS).pipe(
      exhaustMap(() => from(this.reporting.reportOf(company, userId))),
      map(({ import: progress }) => progress),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
      takeWhile((progress) => progress?.state === 'running', true),
      map((progress) => ({ type: 'import', data: progress ?? {} })),
      finalize(ended),
      shareReplay({ bufferSize: 1, refCount: true }),
    );
  }
}
