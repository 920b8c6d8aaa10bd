import { fetchSources } from '../fetch-sources.js';
import type { FetchedMail, UnreadableMail } from '../mail-reader.port.js';
import type { KnownLocators } from '../oauth-account.js';
import type { ReaderLimits } from '../reader-limits.js';
import type { GmailInbox } from './gmail-inbox.js';
import { GmailSourceFetcher } from './gmail-source-fetcher.js';

/** Mails asked for at the same time; Google refuses users who ask for many (429, "Too many concurrent requests"). */
const TOGETHER = 5;

/** Some of the mails asked for. */
export interface Harvest {
  readonly mails: readonly FetchedMail[];
  readonly unreadable: readonly UnreadableMail[];
  /** Those that were left where they are, for the caller has them. */
  readonly alreadyKnown: number;
  /** How many of the ids are dealt with, from the first one on. */
  readonly done: number;
}

interface Wanted {
  /** Milliseconds since 1970: mails received before are not wanted. */
  readonly from: number;
  /** Mails received then or later are not wanted. */
  readonly to: number;
}

export interface HarvestSources {
  readonly inbox: GmailInbox;
  readonly known: KnownLocators;
  readonly limits: ReaderLimits;
}

/**
 * Fetches mails by id, in order, in batches. What was fetched before something failed is yielded before the failure is
 * thrown: an import that is paced or refused keeps everything it has paid for.
 */
export async function* harvest(
  ids: readonly string[],
  wanted: Wanted,
  { inbox, known, limits }: HarvestSources,
): AsyncGenerator<Harvest, undefined> {
  let basket = new Basket();
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const together = ids.slice(from, from + TOGETHER);
    let picked: Picked[];
    try {
      picked = await pick(together, { inbox, known, limits });
    } catch (error) {
      if (basket.done > 0) yield basket.take(from);
      throw error;
    }
    for (const [index, one] of picked.entries()) {
      if (basket.isFullWith(one, limits)) {
        yield basket.take(from + index);
        basket = new Basket();
      }
      basket.add(one, wanted);
    }
  }
  if (basket.done > 0) yield basket.take(ids.length);
}

type Picked =
  | { readonly kind: 'mail'; readonly mail: FetchedMail }
  | { readonly kind: 'unreadable'; readonly mail: UnreadableMail }
  | { readonly kind: 'known' }
  | { readonly kind: 'gone' };

async function pick(ids: readonly string[], { inbox, known, limits }: HarvestSources): Promise<Picked[]> {
  const here = await known(ids);
  const fetcher = new GmailSourceFetcher(inbox);
  const missing = ids.filter((id) => !here.has(id));
  const { sources, unreadable } = await fetchSources(fetcher, missing);
  return ids.map((locator) => {
    if (here.has(locator)) return { kind: 'known' };
    const reason = unreadable.get(locator);
    if (reason !== undefined) return { kind: 'unreadable', mail: { locator, receivedAt: null, reason } };
    const [source, receivedAt] = [sources.get(locator), fetcher.receivedAt.get(locator)];
    if (!source || !receivedAt) return { kind: 'gone' };
    if (source.length > limits.mailBytes)
      return { kind: 'unreadable', mail: { locator, receivedAt, reason: 'too_large' } };
    return { kind: 'mail', mail: { locator, source, receivedAt } };
  });
}

/** A batch that is being filled. */
class Basket {
  done = 0;
  readonly #mails: FetchedMail[] = [];
  readonly #unreadable: UnreadableMail[] = [];
  #alreadyKnown = 0;
  #bytes = 0;

  isFullWith(next: Picked, { batchMails, batchBytes }: ReaderLimits): boolean {
    if (next.kind !== 'mail' || this.#mails.length === 0) return false;
    return this.#mails.length >= batchMails || this.#bytes + next.mail.source.length > batchBytes;
  }

  add(one: Picked, { from, to }: Wanted): void {
    this.done += 1;
    switch (one.kind) {
      case 'mail': {
        const at = one.mail.receivedAt.getTime();
        if (at < from || at >= to) return;
        this.#mails.push(one.mail);
        this.#bytes += one.mail.source.length;
        return;
      }
      case 'unreadable':
        this.#unreadable.push(one.mail);
        return;
      case 'known':
        this.#alreadyKnown += 1;
        return;
      case 'gone':
        return;
    }
  }

  take(done: number): Harvest {
    return { mails: this.#mails, unreadable: this.#unreadable, alreadyKnown: this.#alreadyKnown, done };
  }
}
