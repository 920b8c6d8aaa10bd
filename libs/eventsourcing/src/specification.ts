import { type Decider, fold } from './decider.js';
import { type DomainCommand, type DomainEvent } from './event.js';
import { Rejection } from './rejection.js';

/**
 * Specifications of a decider, spoken as given (the past) / when (a command) / then (what happens).
 * Free of any test runner: a specification that does not hold throws, and every runner understands that.
 */
export function specificationOf<State, Command extends DomainCommand, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
) {
  return {
    given: (...past: readonly Event[]) => ({
      when: (command: Command) => {
        const outcome = attempt(() => decider.decide(command, fold(decider, past)));
        return {
          /** Exactly these events happen, in this order, with these data. */
          then: (...expected: readonly Event[]): void => assertSame(outcome, { events: expected }),
          /** A repeat, or a wish already fulfilled: nothing is written. */
          thenNothing: (): void => assertSame(outcome, { events: [] }),
          /** It is refused with this code, and nothing is written. */
          thenRejected: (code: string): void => assertSame(outcome, { rejected: code }),
        };
      },
    }),
  };
}

type Outcome = { readonly events: readonly DomainEvent[] } | { readonly rejected: string };

function attempt(decide: () => readonly DomainEvent[]): Outcome {
  try {
    return { events: decide() };
  } catch (error) {
    if (error instanceof Rejection) return { rejected: error.code };
    throw error;
  }
}

function assertSame(actual: Outcome, expected: Outcome): void {
  const [is, should] = [canonical(actual), canonical(expected)];
  if (is !== should) throw new Error(`The specification does not hold.\nexpected ${should}\nbut was  ${is}`);
}

/** JSON with sorted keys, so that the order in which an object was written does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    2,
  );
}
