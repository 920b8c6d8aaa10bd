import { type Answer } from './exchange.js';
import { seededRandom } from './seeded-random.js';

/** What goes wrong. */
export type FaultEffect =
  /** This answer in place of the right one; nothing is carried out. */
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Answer['headers']; readonly body?: unknown }
  /** The right answer, later. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The connection ends after half the right answer. */
  | { readonly kind: 'cut' }
  /** It is carried out, and the connection ends without a word: nobody is told. */
  | { readonly kind: 'lost' }
  /** 200 and the content type of the right answer, but half its body. */
  | { readonly kind: 'malformed' };

/** A fault on demand. */
export interface Fault {
  /** Whose operations: a name, or a beginning of names followed by `*`. */
  readonly operation: string;
  readonly effect: FaultEffect;
  /** Only for this mailbox. */
  readonly subject?: string;
  /** Only for this path. */
  readonly path?: string;
  /** How often; without it until the plan is cleared. */
  readonly times?: number;
  /** How likely each time (0–1); without it certain. Drawn from the plan's seed. */
  readonly probability?: number;
  /** Lets this many matching requests through first. */
  readonly after?: number;
}

interface Standing {
  readonly fault: Fault;
  remaining: number;
  sparing: number;
}

/** Which requests fail, and how. The first fault that matches wins. */
export class FaultPlan {
  private standing: Standing[] = [];
  private random: () => number;

  constructor(seed = 1) {
    this.random = seededRandom(seed);
  }

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      this.standing.push({ fault, remaining: fault.times ?? Infinity, sparing: fault.after ?? 0 });
    }
  }

  /** Everything works again. */
  clear(): void {
    this.standing = [];
  }

  list(): readonly Fault[] {
    return this.standing.map(({ fault }) => fault);
  }

  /** What happens to this request; null: nothing. */
  next(operation: string, subject: string | null, path: string): FaultEffect | null {
    for (const standing of this.standing) {
      const { fault } = standing;
      if (!concerns(fault, operation, subject) || (fault.path ?? path) !== path) continue;
      if (standing.sparing > 0) {
        standing.sparing -= 1;
        continue;
      }
      if (fault.probability !== undefined && this.random() >= fault.probability) continue;
      standing.remaining -= 1;
      this.standing = this.standing.filter(({ remaining }) => remaining > 0);
      return fault.effect;
    }
    return null;
  }
}

function concerns(fault: Fault, operation: string, subject: string | null): boolean {
  if (fault.subject !== undefined && fault.subject.toLowerCase() !== subject?.toLowerCase()) return false;
  return fault.operation.endsWith('*')
    ? operation.startsWith(fault.operation.slice(0, -1))
    : operation === fault.operation;
}
