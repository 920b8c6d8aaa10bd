import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../../gateways/gateway.errors.js';
import { type Cursor, type MailBatch } from '../../../gateways/mail-reader.port.js';
import { DeciderRunner, EventStore } from '../../../platform/event-store/index.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { CompletePass, RecordBatch, ResetCursor, StartReceiving } from '../inbox.commands.js';
import { INBOX, type InboxEvent, inboxStream, type Standing, type StoredCursor } from '../inbox.events.js';
import { BatchStorage, type StoredBatch } from './batch-storage.js';
import { KeptCursors } from './kept-cursors.js';
import { LostMailbox } from './lost-mailbox.js';
import { MailboxOpener, type OpenMailbox } from './open-mailbox.js';
import { type Head, Pass } from './pass.js';

/** A cursor newer than the stream's, valid only as long as nothing is appended behind `revision`. */
export interface CursorHint {
  readonly revision: number;
  readonly cursor: StoredCursor;
}

export interface PassOptions {
  readonly hint: CursorHint | null;
  readonly signal: AbortSignal;
  /** Called between batches; throws LostMailbox when the mailbox is no longer ours. */
  readonly stillOurs: () => Promise<void>;
  /** Called for every batch that is in. */
  readonly onBatch: (batch: StoredBatch) => Promise<void>;
  /** Asked behind every batch: whether to make place for others, and go on later. */
  readonly yields: () => boolean;
}

/** How a look ended: with everything that the server has, or before that, with more to come. */
export type Look =
  { readonly finished: true; readonly hint: CursorHint | null } | { readonly finished: false; readonly hint: null };

/**
 * One look at a mailbox (architecture, "Life of a received mail"): read what lies behind the cursor, keep it, and
 * append one event a batch with ids, share decisions and the new cursor. The append is the commit: before it
 * nothing happened, after it the batch is in, exactly once. It goes behind the very revision this pass has seen, so
 * of two passes over one mailbox only one gets through.
 */
@Injectable()
export class ReceiveMailbox {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly store: EventStore,
    private readonly projectors: Projectors,
    private readonly storage: BatchStorage,
    private readonly opener: MailboxOpener,
    private readonly cursors: KeptCursors,
  ) {}

  /** Answers the hint to keep for the next look. Throws GatewayError, LostMailbox, or what the stores throw. */
  async look(mailbox: OpenMailbox, options: PassOptions): Promise<Look> {
    const pass = new Pass(mailbox, this.runner, await this.headOf(mailbox));
    const { source, receiveFrom: since, day, userId } = mailbox;
    const standing = await pass.decide((metadata) => new StartReceiving({ userId, source, since, day }, metadata));
    const hinted = options.hint !== null && options.hint.revision === pass.revision ? options.hint.cursor : null;
    const start = hinted ?? standing.cursor;
    const handledBefore = standing.import.imported + standing.import.quarantined + standing.import.known;
    let before: StoredCursor | null = start;
    let last: MailBatch | null = null;
    for await (const batch of mailbox.reader.changesSince({
      cursor: await this.readable(start),
      since: new Date(since),
      signal: options.signal,
    })) {
      await options.stillOurs();
      before = await this.take(pass, batch, { before, handledBefore, options });
      last = batch;
      if (options.yields()) return { finished: false, hint: null };
    }
    return this.complete(pass, last, before);
  }

  /** The server no longer knows the cursor: everything is compared anew from the import day, nothing is looked past. */
  async resetCursor(mailbox: OpenMailbox, reason: string): Promise<void> {
    const pass = new Pass(mailbox, this.runner, await this.headOf(mailbox));
    await pass.decide((metadata) => new ResetCursor({ userId: mailbox.userId, reason }, metadata));
  }

  private async readable(stored: StoredCursor | null): Promise<Cursor | null> {
    const cursor = await this.cursors.resolve(stored);
    if (cursor === 'lost') throw new GatewayError({ kind: 'CursorInvalid', reason: 'cursor_not_kept' });
    return cursor as Cursor | null;
  }

  /** Answers the batch's cursor, as it is stored. */
  private async take(
    pass: Pass,
    batch: MailBatch,
    {
      before,
      handledBefore,
      options,
    }: { before: StoredCursor | null; handledBefore: number; options: Pick<PassOptions, 'onBatch'> },
  ): Promise<StoredCursor> {
    const { company, userId, source } = pass.mailbox;
    if (pass.position !== null) await this.projectors.whenVisible(INBOX, pass.position);
    const stored = await this.storage.store({ company, userId, source, before }, batch);
    const cursor = await this.cursors.toStored(pass.stream, { ...batch.cursor });
    const shared = await this.opener.shareDecision(pass.mailbox);
    if (shared === null) throw new LostMailbox();
    await pass.decide((metadata) => new RecordBatch(recordOf({ userId, batch, stored, cursor, shared, handledBefore }), metadata)); // prettier-ignore
    await options.onBatch(stored);
    return cursor;
  }

  private async complete(pass: Pass, last: MailBatch | null, cursor: StoredCursor | null): Promise<Look> {
    // Completed means that everybody can read it, not only that it is on the record.
    if (pass.position !== null) await this.projectors.whenVisible(INBOX, pass.position);
    const { userId } = pass.mailbox;
    const oldestOnServer = last?.oldestOnServer?.toISOString() ?? null;
    const standing: Standing = await pass.decide(
      (metadata) => new CompletePass({ userId, cursor: last && cursor, oldestOnServer }, metadata),
    );
    await this.cursors.forgetOthers(pass.stream, [standing.cursor, cursor], pass.startedAt);
    const hint =
      last !== null && cursor !== null && pass.revision !== null ? { revision: pass.revision, cursor } : null;
    return { finished: true, hint };
  }

  private async headOf({ company, userId }: OpenMailbox): Promise<Head> {
    const last = (await this.store.readLast<InboxEvent>(inboxStream(company, userId))).events.at(-1);
    return last ? { revision: last.revision, position: last.position } : { revision: null, position: null };
  }
}

interface BatchOnRecord {
  readonly userId: string;
  readonly batch: MailBatch;
  readonly stored: StoredBatch;
  readonly cursor: StoredCursor;
  readonly shared: boolean;
  /** Mails that earlier passes of the import have dealt with. */
  readonly handledBefore: number;
}

function recordOf({ userId, batch, stored, cursor, shared, handledBefore }: BatchOnRecord): RecordBatch['data'] {
  const { fresh, known, knownQuarantined } = stored;
  return {
    userId,
    messages: fresh.map(({ id, quarantined }) => ({ id, shared, ...(quarantined ? { quarantined } : {}) })),
    known,
    knownQuarantined,
    cursor,
    found: handledBefore + batch.found,
    oldestOnServer: batch.oldestOnServer?.toISOString() ?? null,
  };
}
