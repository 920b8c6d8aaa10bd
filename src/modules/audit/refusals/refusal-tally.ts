import { type RefusedAttempt } from '../../../platform/audit-trail/index.js';

/** Attempts that one event is to speak for. */
export interface Tally {
  /** The first of them. */
  readonly first: RefusedAttempt;
  /** Who tried; null: several, more than are told apart. */
  readonly userId: string | null;
  readonly code: string;
  readonly attempt: string;
  count: number;
}

/** How long attempts of the same kind by the same person are counted together. */
const WINDOW_MS = 10 * 60_000;
/** How many kinds a company's attempts are told apart by within a window; the rest are counted together. */
const MOST_KINDS = 200;
const LONGEST_ATTEMPT = 200;

interface Window {
  readonly since: number;
  readonly tallies: Map<string, Tally>;
}

/**
 * Bounds what refused attempts can do to the record: the first of a kind is told at once, its repetitions are counted
 * and told together when the window closes. A company's attempts make at most 2 × 200 events in ten minutes, however
 * many there are.
 */
export class RefusalTally {
  private readonly windows = new Map<string, Window>();

  /** What is to be put on the record at once; null: it is counted. */
  add(attempt: RefusedAttempt, now: number): Tally | null {
    const { company } = attempt.metadata;
    const window = this.windows.get(company) ?? { since: now, tallies: new Map<string, Tally>() };
    this.windows.set(company, window);
    const tally = tallyFor(attempt, window);
    const key = keyOf(tally);
    const present = window.tallies.get(key);
    if (present) {
      present.count += 1;
      return null;
    }
    window.tallies.set(key, { ...tally, count: 0 });
    return { ...tally, count: 1 };
  }

  /** The repetitions of every window that has closed; `all`: of those that have not, too. */
  close(now: number, all = false): Tally[] {
    const closed: Tally[] = [];
    for (const [company, { since, tallies }] of this.windows) {
      if (!all && now - since < WINDOW_MS) continue;
      this.windows.delete(company);
      closed.push(...[...tallies.values()].filter(({ count }) => count > 0));
    }
    return closed;
  }
}

function tallyFor(first: RefusedAttempt, { tallies }: Window): Tally {
  const { actor } = first.metadata;
  const userId = actor.kind === 'user' ? actor.userId : null;
  const own = { first, userId, code: first.code, attempt: first.attempt.slice(0, LONGEST_ATTEMPT), count: 0 };
  if (tallies.size < MOST_KINDS || tallies.has(keyOf(own))) return own;
  return { ...own, userId: null, attempt: 'various' };
}

const keyOf = ({ userId, code, attempt }: Tally): string => JSON.stringify([userId, code, attempt]);
