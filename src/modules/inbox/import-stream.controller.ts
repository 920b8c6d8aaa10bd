import { Controller, type MessageEvent, Sse } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { distinctUntilChanged, from, map, type Observable, exhaustMap, takeWhile, timer } from 'rxjs';
import { type Caller, CurrentCaller } from '../../platform/security/index.js';
import { MailboxReporting } from './mailbox-report.js';

const LOOK_EVERY_MS = 500;

/** The import's progress as it goes (R29, R30): server-sent events, the last one when it has ended. */
@ApiTags('ユーザーメール設定')
@Controller('me/mail-setting/import')
export class ImportStreamController {
  constructor(private readonly reporting: MailboxReporting) {}

  @Sse('stream')
  @ApiOperation({ summary: '取込みの進み具合 / progress of the import, as server-sent events' })
  @ApiProduces('text/event-stream')
  stream(@CurrentCaller() { company, userId }: Caller): Observable<MessageEvent> {
    return timer(0, LOOK_EVERY_MS).pipe(
      exhaustMap(() => from(this.reporting.reportOf(company, userId))),
      map(({ import: progress }) => progress),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
      takeWhile((progress) => progress?.state === 'running', true),
      map((progress) => ({ type: 'import', data: progress ?? {} })),
    );
  }
}
