import { type CommandMetadata, type Position } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Cursor, type MailBatch } from '../../../gateways/mail-reader.port.js';
import { type Decision, DeciderRunner, EventStore } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { CompletePass, type InboxCommand, RecordBatch, ResetCursor, StartReceiving } from '../inbox.commands.js';
import { inboxDecider, type InboxState } from '../inbox.decider.js';
import { INBOX, type InboxEvent, inboxStream, type Standing, type StoredCursor } from '../inbox.events.js';
import { BatchStorage } from './batch-storage.js';
import { LostMailbox } from './lost-mailbox.js';
import { MailboxOpener, type OpenMailbox } from './open-mailbox.js';

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
}

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
  ) {}

  /** Answers the hint to keep for the next look. Throws GatewayError, LostMailbox, or what the stores throw. */
  async look(mailbox: OpenMailbox, options: PassOptions): Promise<CursorHint | null> {
    const pass = new Pass(mailbox, this.runner, await this.positionOf(mailbox));
    const { source, receiveFrom: since, day, userId } = mailbox;
    const standing = await pass.decide((metadata) => new StartReceiving({ userId, source, since, day }, metadata));
    const hinted = options.hint !== null && options.hint.revision === pass.revision ? options.hint.cursor : null;
    const handledBefore = standing.import.imported + standing.import.quarantined + standing.import.known;
    let last: MailBatch | null = null;
    for await (const batch of mailbox.reader.changesSince({
      cursor: (hinted ?? standing.cursor) as Cursor | null,
      since: new Date(since),
      signal: options.signal,
    })) {
      await options.stillOurs();
      await this.take(pass, batch, handledBefore);
      last = batch;
    }
    return this.complete(pass, last);
  }

  /** The server no longer knows the cursor: everything is compared anew from the import day, nothing is looked past. */
  async resetCursor(mailbox: OpenMailbox, reason: string): Promise<void> {
    const pass = new Pass(mailbox, this.runner, await this.positionOf(mailbox));
    await pass.decide((metadata) => new ResetCursor({ userId: mailbox.userId, reason }, metadata));
  }

  private async take(pass: Pass, batch: MailBatch, handledBefore: number): Promise<void> {
    const { mailbox } = pass;
    const { company, userId } = mailbox;
    if (pass.position !== null) await this.projectors.whenVisible(INBOX, pass.position);
    const { fresh, known } = await this.storage.store(company, userId, batch);
    const shared = await this.opener.shareDecision(mailbox);
    if (shared === null) throw new LostMailbox();
    const messages = fresh.map(({ id, quarantined }) => ({ id, shared, ...(quarantined ? { quarantined } : {}) }));
    await pass.decide(
      (metadata) =>
        new RecordBatch(
          {
            userId,
            messages: messages,
            known,
            cursor: asStored(batch.cursor),
            found: handledBefore + batch.found,
            oldestOnServer: batch.oldestOnServer?.toISOString() ?? null,
          },
          metadata,
        ),
    );
  }

  private async complete(pass: Pass, last: MailBatch | null): Promise<CursorHint | null> {
    // Completed means that everybody can read it, not only that it is on the record.
    if (pass.position !== null) await this.projectors.whenVisible(INBOX, pass.position);
    const cursor = last === null ? null : asStored(last.cursor);
    const oldestOnServer = last?.oldestOnServer?.toISOString() ?? null;
    await pass.decide(
      (metadata) => new CompletePass({ userId: pass.mailbox.userId, cursor, oldestOnServer }, metadata),
    );
    return cursor !== null && pass.revision !== null ? { revision: pass.revision, cursor } : null;
  }

  private async positionOf({ company, userId }: OpenMailbox): Promise<Head> {
    const last = (await this.store.readLast<InboxEvent>(inboxStream(company, userId))).events.at(-1);
    return last ? { revision: last.revision, position: last.position } : { revision: null, position: null };
  }
}

interface Head {
  readonly revision: number | null;
  readonly position: Position | null;
}

/** The decisions of one pass, each behind the one before; another's decision in between ends the pass. */
class Pass {
  revision: number | null;
  position: Position | null;
  private readonly correlationId = newId();

  constructor(
    readonly mailbox: OpenMailbox,
    private readonly runner: DeciderRunner,
    head: Head,
  ) {
    this.revision = head.revision;
    this.position = head.position;
  }

  async decide(command: (metadata: CommandMetadata) => InboxCommand): Promise<Standing> {
    const { company, userId } = this.mailbox;
    const { revision, position, state }: Decision<InboxState, InboxEvent> = await this.runner.run(
      inboxDecider,
      inboxStream(company, userId),
      command(this.metadata(company)),
      {
        memory: 'last',
        awaitEffect: false,
        guard: (_state, seen) => {
          if (seen !== this.revision) throw new LostMailbox();
        },
      },
    );
    this.revision = revision;
    this.position = position ?? this.position;
    if (state === null) throw new LostMailbox();
    return state;
  }

  private metadata(company: string): CommandMetadata {
    const at = new Date().toISOString();
    const { correlationId } = this;
    return { company, actor: { kind: 'system', name: 'receiving' }, at, correlationId, causationId: correlationId };
  }
}

const asStored = (cursor: Cursor): StoredCursor => ({ ...cursor });
