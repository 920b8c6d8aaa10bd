import { type GmailPrices } from './gmail-prices.js';
import { QuotaMeter } from './quota-meter.js';

/** One meter a mailbox, for as long as it matters. A mailbox is worked on by one instance at a time, so it counts here. */
export class QuotaMeters {
  readonly #meters = new Map<string, QuotaMeter>();

  constructor(private readonly now: () => number = Date.now) {}

  of(mailbox: string, prices: GmailPrices): QuotaMeter {
    const known = this.#meters.get(mailbox);
    if (known && samePrices(known.prices, prices)) return known;
    for (const [name, meter] of this.#meters) if (meter.isIdle) this.#meters.delete(name);
    const meter = new QuotaMeter(prices, this.now);
    this.#meters.set(mailbox, meter);
    return meter;
  }
}

const samePrices = (a: GmailPrices, b: GmailPrices): boolean =>
  a.perMinuteAndUser === b.perMinuteAndUser && a.messagesGet === b.messagesGet;
