import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { isDeepStrictEqual } from 'node:util';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { RecordReread } from '../inbox.commands.js';
import { inboxDecider } from '../inbox.decider.js';
import { inboxStream, type RereadMail } from '../inbox.events.js';
import { MailParsing, type ParsedForImport } from '../mail-parsing.js';
import { InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { type KeptReading, type MailReading, MessageStore } from '../receiving/message-store.js';
import { readingOf } from './reading-of.js';

/** How far reading everything anew has come. */
export interface ReparseProgress {
  readonly state: 'requested' | 'running' | 'done';
  /** The last mail done, in the order of ids; null: none yet. */
  readonly after: string | null;
  readonly done: number;
  /** Mails of which something is read differently now. */
  readonly changed: number;
  /** How many there were at the beginning. */
  readonly total: number;
}

/** Mails whose sources are in memory at a time. */
const TOGETHER = 20;
const NAME = 'messages-reparse';
const LEASE_MS = 60_000;
const UNASKED: ReparseProgress = { state: 'done', after: null, done: 0, changed: 0, total: 0 };

/**
 * Applies a better decoder to the mail that is here already (`npm run messages:reparse`), from the kept sources. What
 * is read differently is stored first, and then an event has the read models look again, so that a rebuild of them
 * ends the same. It goes in the order of ids and notes how far it has come: whatever ends it, any instance goes on
 * from there.
 */
@Injectable()
export class MessageReparse {
  private readonly runs: Collection<ReparseProgress & { readonly _id: string }>;
  private readonly holder = newId();

  constructor(
    @InjectConnection() connection: Connection,
    private readonly leases: Leases,
    private readonly store: MessageStore,
    private readonly parsing: MailParsing,
    private readonly view: InboxMessagesView,
    private readonly runner: DeciderRunner,
  ) {
    this.runs = connection.collection('maintenance_runs');
  }

  /** Asks for a run; one that is under way goes on, from where it is. */
  async request(): Promise<void> {
    const { state } = await this.progress();
    if (state !== 'done') return;
    await this.runs.updateOne({ _id: NAME }, { $set: { ...UNASKED, state: 'requested' } }, { upsert: true });
  }

  /** How far the last run is. */
  async progress(): Promise<ReparseProgress> {
    const found = await this.runs.findOne({ _id: NAME });
    if (!found) return UNASKED;
    const { state, after, done, changed, total } = found;
    return { state, after, done, changed, total };
  }

  /** Does what was asked for, unless another instance is at it; ends soon after `signal` is aborted. */
  async runIfRequested(signal: AbortSignal): Promise<void> {
    let progress = await this.progress();
    if (progress.state === 'done') return;
    const lease = await this.leases.take(NAME, this.holder, LEASE_MS);
    if (lease === null) return;
    try {
      progress = await this.progress();
      if (progress.state === 'requested') progress = { ...progress, state: 'running', total: await this.store.count() };
      while (progress.state === 'running' && !signal.aborted) {
        progress = await this.step(progress);
        if (!(await this.leases.renew(NAME, this.holder, lease.fence, LEASE_MS))) return;
        await this.runs.updateOne({ _id: NAME }, { $set: progress });
      }
    } finally {
      await this.leases.release(NAME, this.holder, lease.fence);
    }
  }

  private async step(progress: ReparseProgress): Promise<ReparseProgress> {
    const kept = await this.store.readingsBehind(progress.after, TOGETHER);
    if (kept.length === 0) return { ...progress, state: 'done' };
    const sources = await Promise.all(kept.map(async ({ company, id }) => this.store.source(company, id)));
    const present = kept.flatMap((mail, index) => (sources[index] ? [{ mail, source: sources[index] }] : []));
    const parsed = await this.parsing.forImport(present.map(({ source }) => source));
    const changed: KeptReading[] = [];
    for (const [index, { mail, source }] of present.entries()) {
      if (await this.replaceIfDifferent(mail, parsed[index]!, source.length)) changed.push(mail);
    }
    const unreadable = new Map(present.map(({ mail }, index) => [mail.id, parsed[index]!.unreadable !== null]));
    await this.record(changed, unreadable);
    const after = kept.at(-1)?.id ?? progress.after;
    return { ...progress, after, done: progress.done + kept.length, changed: progress.changed + changed.length };
  }

  /** True also for a mail that an earlier run has read anew and not put on the record. */
  private async replaceIfDifferent(mail: KeptReading, parsed: ParsedForImport, size: number): Promise<boolean> {
    const { company, userId, id } = mail;
    const reading = readingOf(company, userId, parsed, size);
    if (sameReading(mail, reading)) return mail.rereadPending === true;
    await this.store.replaceReading(company, id, reading);
    return true;
  }

  private async record(changed: readonly KeptReading[], unreadable: ReadonlyMap<string, boolean>): Promise<void> {
    const streams = Map.groupBy(changed, ({ company, userId }) => inboxStream(company, userId));
    for (const [stream, mails] of streams) {
      const { company, userId } = mails[0]!;
      const ids = mails.map(({ id }) => id);
      // A mail that was stored and never put on the record is none that anybody could see.
      const onRecord = await this.view.quarantineOf(company, ids);
      const messages = ids
        .filter((id) => onRecord.has(id))
        .map((id): RereadMail => (unreadable.get(id) ? { id, quarantined: true } : { id }));
      const command = new RecordReread({ userId, messages, cause: 'parser_changed' }, bySystem(company));
      await this.runner.run(inboxDecider, stream, command, { memory: 'last', awaitEffect: false });
      await this.store.rereadRecorded(ids);
    }
  }
}

/** Identities only ever grow; the mail has changed where it is not recognised by what it is called now. */
function sameReading(mail: MailReading, reading: MailReading): boolean {
  return (
    isDeepStrictEqual(mail.summary, reading.summary) &&
    mail.unreadable === reading.unreadable &&
    mail.messageIdHeader === reading.messageIdHeader &&
    mail.headerIdentity === reading.headerIdentity &&
    reading.identities.every((identity) => mail.identities.includes(identity))
  );
}

function bySystem(company: string): CommandMetadata {
  const correlationId = newId();
  const actor = { kind: 'system', name: 'messages-reparse' } as const;
  return { company, actor, at: new Date().toISOString(), correlationId, causationId: correlationId };
}
