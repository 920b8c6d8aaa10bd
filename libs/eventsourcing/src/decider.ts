import { type DomainCommand, type DomainEvent } from './event.js';

/**
 * Pure heart of a module (Chassaing's decider). Both functions are total, call no clock and draw no id: the same
 * past and the same command give the same events, so that an auditor's replay is the truth.
 */
export interface Decider<State, Command extends DomainCommand, Event extends DomainEvent> {
  readonly initialState: State;
  /** What the state is after the event. Never refuses: what is stored has happened. */
  evolve(this: void, state: State, event: Event): State;
  /** What the command makes happen: no event where it changes nothing (a repeat). Refuses with a Rejection. */
  decide(this: void, command: Command, state: State): readonly Event[];
}

/** The state after these events. */
export function fold<State, Command extends DomainCommand, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  events: Iterable<Event>,
): State {
  let state = decider.initialState;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
