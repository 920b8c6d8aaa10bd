import { type Decider, type DomainCommand, type DomainEvent } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';

/** What auditors can have replayed (R49). */
export type ReplayedKind = 'mail_setting' | 'mail_server' | 'google_api_setting';

/** Something as an auditor sees it at one instant; null: there was nothing. */
export type Shown = Readonly<Record<string, unknown>> | null;

/** A replay under way: events go in one by one, and what stands then can be looked at. */
export interface Replay {
  apply(event: DomainEvent): void;
  readonly shown: Shown;
}

/** What can be replayed: where its events are, and the product's own way to fold them. */
export interface Replayable {
  readonly kind: ReplayedKind;
  /** The stream of this one; `id` is the user's or the server's, and means nothing where a company has only one. */
  streamOf(company: string, id: string): string;
  begin(): Replay;
}

/**
 * Makes a decider replayable: what an auditor gets to see is folded by the very `evolve` by which the product runs.
 * `show` gives the state its public form; references to secrets are replaced by fingerprints by whoever shows it.
 */
export function replayableOf<State, Command extends DomainCommand, Event extends DomainEvent>(definition: {
  readonly kind: ReplayedKind;
  readonly streamOf: (company: string, id: string) => string;
  readonly decider: Decider<State, Command, Event>;
  readonly show: (state: State) => Shown;
}): Replayable {
  const { kind, streamOf, decider, show } = definition;
  return {
    kind,
    streamOf,
    begin() {
      let state = decider.initialState;
      return {
        apply: ({ type, data }) => (state = decider.evolve(state, { type, data } as Event)),
        get shown() {
          return show(state);
        },
      };
    },
  };
}

/**
 * Where modules say what of theirs can be replayed. The registry stands here, so that the audit module need not know
 * the inside of any other.
 */
@Injectable()
export class Replayables {
  private readonly byKind = new Map<ReplayedKind, Replayable>();

  register(replayable: Replayable): void {
    this.byKind.set(replayable.kind, replayable);
  }

  /** null: no module of this version has it. */
  of(kind: ReplayedKind): Replayable | null {
    return this.byKind.get(kind) ?? null;
  }
}
