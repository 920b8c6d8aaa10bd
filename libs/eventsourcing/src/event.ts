/** A fact as a decider states it: what happened, in the past tense, and nothing about how it is stored. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** Who acted. `system` acts for a stated reason (a schedule, a provider's answer), never silently for a person. */
export type Actor =
  | { readonly kind: 'user'; readonly userId: string; readonly name: string; readonly roles: readonly string[] }
  | { readonly kind: 'system'; readonly name: string };

/** Everything that is known about an act besides the act itself. Deciders take time and ids from here. */
export interface CommandMetadata {
  /** The company in which it is done; streams, read models and keys are apart by it. */
  readonly company: string;
  readonly actor: Actor;
  /** RFC 3339 with an offset, UTC. */
  readonly at: string;
  /** Everything done for one request carries its correlation id. */
  readonly correlationId: string;
  /** The event or command that made this one necessary. */
  readonly causationId: string;
  readonly reason?: string;
  /** The caller's network address, where there is one. */
  readonly clientAddress?: string;
}

/** An intention: named in the imperative, complete in itself. */
export interface DomainCommand<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
  readonly metadata: CommandMetadata;
}

/** What the store adds to an event. */
export interface Recorded {
  readonly id: string;
  readonly stream: string;
  /** 0 for the first event of a stream. */
  readonly revision: number;
  readonly position: Position;
  readonly metadata: EventMetadata;
}

/** An event as it is read back from the store; of a union, one of its recorded members. */
export type RecordedEvent<Event extends DomainEvent = DomainEvent> = Event extends DomainEvent
  ? Event & Recorded
  : never;

export interface EventMetadata extends CommandMetadata {
  /** SHA-256 over this event as stored and `previousHash`; a changed past shows. */
  readonly hash: string;
  /** The hash of the predecessor in the stream; null for the first event. */
  readonly previousHash: string | null;
}

/** Where an event stands among all events: sorts as text, and is otherwise opaque. */
export type Position = string;
