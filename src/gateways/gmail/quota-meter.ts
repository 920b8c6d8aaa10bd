import { GatewayError } from '../gateway.errors.js';
import type { GmailPrices } from './gmail-prices.js';

/** A minute, and what a request may take longer on its way to Google than the one before it. */
const WINDOW_MS = 62_000;
/** A mailbox comes back when so much of its quota is free again: enough for its next turn to be worth its overhead. */
const WORTH_COMING_BACK = 0.5;

interface Spending {
  readonly at: number;
  readonly units: number;
}

/**
 * Keeps one mailbox within its quota of a minute, by counting what it spends. Google refuses what goes beyond, and
 * counts refusals too; whoever stays below is never refused.
 */
export class QuotaMeter {
  #recent: Spending[] = [];
  /** Google's own word that it has had enough: until then nothing is asked. */
  #closedUntil = 0;

  constructor(
    readonly prices: GmailPrices,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Throws GatewayError `RateLimited(paced)` where the minute has too little left. Otherwise the units are spent.
   * @param leaving units that have to remain for others
   */
  take(units: number, leaving = 0): void {
    const now = this.now();
    this.#recent = this.#recent.filter(({ at }) => at > now - WINDOW_MS);
    if (now < this.#closedUntil || this.#spent() + units + leaving > this.prices.perMinuteAndUser) {
      throw new GatewayError({ kind: 'RateLimited', retryAfterMs: this.#pause(now), paced: true });
    }
    this.#recent.push({ at: now, units });
  }

  /** Nothing is asked for so long. */
  close(milliseconds: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.now() + milliseconds);
  }

  /** Nothing is remembered that a new meter would not know. */
  get isIdle(): boolean {
    const now = this.now();
    return now >= this.#closedUntil && this.#recent.every(({ at }) => at <= now - WINDOW_MS);
  }

  /** How long until a good part of the quota is free again. */
  #pause(now: number): number {
    const tolerated = this.prices.perMinuteAndUser * (1 - WORTH_COMING_BACK);
    let spent = this.#spent();
    let free = now;
    for (const { at, units } of this.#recent) {
      if (spent <= tolerated) break;
      spent -= units;
      free = at + WINDOW_MS;
    }
    return Math.max(free, this.#closedUntil) - now;
  }

  #spent(): number {
    return this.#recent.reduce((sum, { units }) => sum + units, 0);
  }
}
