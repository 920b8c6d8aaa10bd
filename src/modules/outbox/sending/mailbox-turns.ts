import { Injectable } from '@nestjs/common';

/** Graph's limit of requests at the same time for one mailbox (throttling-limits.md), and half of an instance's hands. */
const MOST_AT_ONCE = 4;
/** Those who have to wait come back one after the other: faster than any provider takes mail of one mailbox. */
const APART_MS = 250;
const FIRST_WAIT_MS = 500;
/** However long a provider asks for: whoever asks again after that learns whether it still holds. */
const LONGEST_PAUSE_MS = 60 * 60_000;

/** A turn has to be given back; without one, the mail comes again after so many milliseconds. */
export type Turn = { readonly leave: () => void } | { readonly waitMs: number };

interface Standing {
  readonly underWay: number;
  /** Until then the provider wants to be left alone (ms since 1970). */
  readonly closedUntil: number;
  /** When the last of those who wait comes back. */
  readonly lastSlot: number;
}

/**
 * Lets the mails of one mailbox go a few at a time, and none of them while its provider wants a pause. So a mailbox with
 * a thousand mails, or behind a provider that hangs, keeps nobody else's from leaving, and one mail learns of a limit
 * for all that wait behind it instead of each spending an attempt on it. Every instance learns for itself.
 */
@Injectable()
export class MailboxTurns {
  readonly #mailboxes = new Map<string, Standing>();

  /** @param mailbox whose, and by which way */
  take(mailbox: string, now = Date.now()): Turn {
    const { underWay, closedUntil, lastSlot } = this.#standing(mailbox);
    if (underWay < MOST_AT_ONCE && closedUntil <= now) {
      this.#change(mailbox, { underWay: underWay + 1 }, now);
      return { leave: () => this.#change(mailbox, { underWay: this.#standing(mailbox).underWay - 1 }, Date.now()) };
    }
    const slot = Math.max(closedUntil, now + FIRST_WAIT_MS, lastSlot + APART_MS);
    this.#change(mailbox, { lastSlot: slot }, now);
    return { waitMs: slot - now };
  }

  /** The provider wants to be left alone for so long. */
  pause(mailbox: string, milliseconds: number, now = Date.now()): void {
    const until = now + Math.min(milliseconds, LONGEST_PAUSE_MS);
    this.#change(mailbox, { closedUntil: Math.max(until, this.#standing(mailbox).closedUntil) }, now);
  }

  #standing(mailbox: string): Standing {
    return this.#mailboxes.get(mailbox) ?? { underWay: 0, closedUntil: 0, lastSlot: 0 };
  }

  /** Nothing is kept that a mailbox nobody knows would not have. */
  #change(mailbox: string, change: Partial<Standing>, now: number): void {
    const standing = { ...this.#standing(mailbox), ...change };
    const matters = standing.underWay > 0 || standing.closedUntil > now || standing.lastSlot > now;
    if (matters) this.#mailboxes.set(mailbox, standing);
    else this.#mailboxes.delete(mailbox);
  }
}
