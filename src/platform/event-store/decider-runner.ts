import {
  categoryOf,
  type Decider,
  type DomainCommand,
  type DomainEvent,
  fold,
  type Position,
  Rejection,
} from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type StreamHead } from './event-codec.js';
import { EventStore } from './event-store.js';
import { StreamMovedOn } from './event-store.errors.js';

/** Says when what was appended can be read. Implemented by the projectors. */
export abstract class EffectVisibility {
  /** Resolves once every read model and reaction that follows the category has reached the position. */
  abstract whenVisible(category: string, position: Position): Promise<void>;
}

export interface RunOptions<State> {
  /**
   * How much of the stream the decision needs. `last` is enough where every event carries the whole state, and
   * keeps the cost of a decision independent of the stream's length. `none` first supposes that there is no stream,
   * which the append proves; when it is wrong the whole stream is read: for what is new nearly always.
   */
  readonly memory?: 'all' | 'last' | 'none';
  /** Called with what was read, before deciding; throws to refuse (If-Match). */
  readonly guard?: (state: State, revision: number | null) => void;
  /** `false`: answer at once, for work that reads its own effect from the stream. */
  readonly awaitEffect?: boolean;
}

export interface Decision<State, Event> {
  readonly state: State;
  readonly events: readonly Event[];
  /** Revision of the stream's last event now; null: there is no stream. */
  readonly revision: number | null;
  /** Where the new events stand; null: nothing was written. */
  readonly position: Position | null;
}

/**
 * The life of a command: read the stream, fold, decide, append with the revision that was read, once more on
 * conflict, and answer only when the effect can be read.
 */
@Injectable()
export class DeciderRunner {
  constructor(
    private readonly store: EventStore,
    private readonly visibility: EffectVisibility,
  ) {}

  async run<State, Command extends DomainCommand, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    command: Command,
    options: RunOptions<State> = {},
  ): Promise<Decision<State, Event>> {
    const decision = await this.decideOnceMoreOnConflict(decider, stream, command, options);
    if (decision.position !== null && options.awaitEffect !== false) {
      await this.visibility.whenVisible(categoryOf(stream), decision.position);
    }
    return decision;
  }

  /** The state of a stream as it stands now, with the revision that a later `guard` can compare. */
  async load<State, Command extends DomainCommand, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    memory: 'all' | 'last' = 'all',
  ): Promise<{ state: State; head: StreamHead | null }> {
    const { events, head } =
      memory === 'last' ? await this.store.readLast<Event>(stream) : await this.store.read<Event>(stream);
    return { state: fold(decider, events.map(toEvent<Event>)), head };
  }

  private async decideOnceMoreOnConflict<State, Command extends DomainCommand, Event extends DomainEvent>(
    ...request: Parameters<typeof this.decideOnce<State, Command, Event>>
  ): Promise<Decision<State, Event>> {
    const [decider, stream, command, options] = request;
    const supposed = options.memory === 'none' ? await this.decideOnNothing(...request) : null;
    if (supposed !== null) return supposed;
    try {
      return await this.decideOnce(decider, stream, command, options);
    } catch (error) {
      if (!(error instanceof StreamMovedOn)) throw error;
      return this.decideOnce(decider, stream, command, options);
    }
  }

  /** The decision as if there were no stream; null when there is one, or when that would not be a decision to append. */
  private async decideOnNothing<State, Command extends DomainCommand, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    command: Command,
    { guard }: RunOptions<State>,
  ): Promise<Decision<State, Event> | null> {
    const nothing = { state: decider.initialState, head: null };
    try {
      const decision = await this.decideOn(nothing, decider, stream, command, guard);
      return decision.position === null ? null : decision;
    } catch (error) {
      // What is refused to a stream that is not there may be done already in the one that is.
      if (error instanceof StreamMovedOn || error instanceof Rejection) return null;
      throw error;
    }
  }

  private async decideOnce<State, Command extends DomainCommand, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    command: Command,
    options: RunOptions<State>,
  ): Promise<Decision<State, Event>> {
    const found = await this.load(decider, stream, options.memory === 'last' ? 'last' : 'all');
    return this.decideOn(found, decider, stream, command, options.guard);
  }

  private async decideOn<State, Command extends DomainCommand, Event extends DomainEvent>(
    { state, head }: { readonly state: State; readonly head: StreamHead | null },
    decider: Decider<State, Command, Event>,
    stream: string,
    command: Command,
    guard: RunOptions<State>['guard'],
  ): Promise<Decision<State, Event>> {
    const before = head?.revision ?? null;
    guard?.(state, before);
    const events = decider.decide(command, state);
    if (events.length === 0) return { state, events, revision: before, position: null };
    const position = await this.store.append(stream, head, events, command.metadata);
    return { state: events.reduce(decider.evolve, state), events, revision: (before ?? -1) + events.length, position };
  }
}

function toEvent<Event extends DomainEvent>({ type, data }: DomainEvent): Event {
  return { type, data } as Event;
}
