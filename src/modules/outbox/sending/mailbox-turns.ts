import { Injectable } from '@nestjs/common';

/** Mails that one instance works on at the same time. */
export const HANDS = 16;
/** Two providers that hang leave hands to the third way. */
const MOST_OF_A_ROUTE = 6;
/** Graph's limit of requests at the same time for one mailbox (throttling-limits.md). */
const MOST_OF_A_MAILBOX = 4;
/** Those who have to wait come back one after the other: faster than any provider takes mail of one mailbox. */
const APART_MS = 250;
const FIRST_WAIT_MS = 500;
/** However long a provider asks for: whoever asks again after that learns whether it still holds. */
const LONGEST_PAUSE_MS = 60 * 60_000;

/** A turn has to be given back; without one, the mail comes again after so many milliseconds. */
export type Turn = { readonly leave: () => void } | { readonly waitMs: number };

/** Where a mail leaves from. */
export interface Place {
  readonly route: string;
  /** A name that no route has. */
  readonly mailbox: string;
}

interface Standing {
  readonly underWay: number;
  /** Until then it is to be left alone (ms since 1970). */
  readonly closedUntil: number;
  /** When the last of those who wait comes back. */
  readonly lastSlot: number;
}

/**
 * Lets the mails of one mailbox, and of one way of sending, go a few at a time, and none of a mailbox while its provider
 * wants a pause. So neither a mailbox with a thousand mails nor a provider that hangs keeps the others' from leaving, and
 * one mail learns of a limit for all that wait behind it instead of each spending an attempt on it. Every instance
 * learns for itself.
 */
@Injectable()
export class MailboxTurns {
  readonly #standings = new Map<string, Standing>();

  take({ mailbox, route }: Place, now = Date.now()): Turn {
    const limits = [
      [mailbox, MOST_OF_A_MAILBOX],
      [route, MOST_OF_A_ROUTE],
    ] as const;
    for (const [name, most] of limits) {
      const { underWay, closedUntil } = this.#standing(name);
      if (underWay >= most || closedUntil > now) return { waitMs: this.#slotOf(name, now) - now };
    }
    for (const [name] of limits) this.#count(name, 1, now);
    return { leave: () => limits.forEach(([name]) => this.#count(name, -1, Date.now())) };
  }

  /** The provider wants the mailbox to be left alone for so long. */
  pause({ mailbox }: Place, milliseconds: number, now = Date.now()): void {
    const until = now + Math.min(milliseconds, LONGEST_PAUSE_MS);
    this.#change(mailbox, { closedUntil: Math.max(until, this.#standing(mailbox).closedUntil) }, now);
  }

  #slotOf(name: string, now: number): number {
    const { closedUntil, lastSlot } = this.#standing(name);
    const slot = Math.max(closedUntil, now + FIRST_WAIT_MS, lastSlot + APART_MS);
    this.#change(name, { lastSlot: slot }, now);
    return slot;
  }

  #count(name: string, by: 1 | -1, now: number): void {
    this.#change(name, { underWay: this.#standing(name).underWay + by }, now);
  }

  #standing(name: string): Standing {
    return this.#standings.get(name) ?? { underWay: 0, closedUntil: 0, lastSlot: 0 };
  }

  /** Nothing is kept that a mailbox nobody knows would not have. */
  #change(name: string, change: Partial<Standing>, now: number): void {
    const standing = { ...this.#standing(name), ...change };
    const matters = standing.underWay > 0 || standing.closedUntil > now || standing.lastSlot > now;
    if (matters) this.#standings.set(name, standing);
    else this.#standings.delete(name);
  }
}
