import { type CommandMetadata, type Position } from '@libs/eventsourcing';
import { type Decision, type DeciderRunner } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { type InboxCommand } from '../inbox.commands.js';
import { inboxDecider, type InboxState } from '../inbox.decider.js';
import { type InboxEvent, inboxStream, type Standing } from '../inbox.events.js';
import { LostMailbox } from './lost-mailbox.js';
import { type OpenMailbox } from './open-mailbox.js';

/** Where the stream ends, as far as a pass has seen it. */
export interface Head {
  readonly revision: number | null;
  readonly position: Position | null;
}

/** The decisions of one pass, each behind the one before; another's decision in between ends the pass. */
export class Pass {
  revision: number | null;
  position: Position | null;
  readonly startedAt = new Date();
  private readonly correlationId = newId();

  constructor(
    readonly mailbox: OpenMailbox,
    private readonly runner: DeciderRunner,
    head: Head,
  ) {
    this.revision = head.revision;
    this.position = head.position;
  }

  /** The name of the mailbox's stream. */
  get stream(): string {
    return inboxStream(this.mailbox.company, this.mailbox.userId);
  }

  /** Throws LostMailbox when the stream does not end where this pass left it. */
  async decide(command: (metadata: CommandMetadata) => InboxCommand): Promise<Standing> {
    const { revision, position, state }: Decision<InboxState, InboxEvent> = await this.runner.run(
      inboxDecider,
      this.stream,
      command(this.metadata()),
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

  private metadata(): CommandMetadata {
    const { company } = this.mailbox;
    const { correlationId } = this;
    const at = new Date().toISOString();
    return { company, actor: { kind: 'system', name: 'receiving' }, at, correlationId, causationId: correlationId };
  }
}
