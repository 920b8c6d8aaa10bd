import { Injectable } from '@nestjs/common';
import { type MessagePlace, type MessageQuery, wordsOf } from '../read-model/inbox-messages.filter.js';
import { type InboxMessage, InboxMessagesView } from '../read-model/inbox-messages.view.js';
import {
  behind,
  BlockMadeAnew,
  type Candidate,
  type CandidateQuery,
  newestFirst,
  SearchCandidates,
} from './candidates.js';
import { gramsToLookUp } from './grams.js';
import { type Block, SearchBlocks } from './search-blocks.js';

export interface SearchPage {
  /** Newest first. */
  readonly found: readonly InboxMessage[];
  /** The search was ended here to answer in time, and goes on from here; null: it came to its end. */
  readonly stoppedAt: MessagePlace | null;
}

export interface SearchPatience {
  /** Candidates in memory at a time. */
  readonly most: number;
  readonly milliseconds: number;
}

const PATIENCE: SearchPatience = { most: 5_000, milliseconds: 3_000 };
/** Mails looked at in one question to the store. */
const TOGETHER = 100;
const TRIES = 5;

/**
 * Finds mail by any part of its text, newest first (ADR 0062). The index names candidates; each is looked at in the
 * list, where it is decided in one whether it has the text and whether the reader may see it. A page takes a bounded
 * time: what takes longer is answered with what was found so far and the place to go on from.
 */
@Injectable()
export class MessageSearch {
  constructor(
    private readonly view: InboxMessagesView,
    private readonly blocks: SearchBlocks,
    private readonly candidates: SearchCandidates,
  ) {}

  async page(query: MessageQuery, patience: SearchPatience = PATIENCE): Promise<SearchPage> {
    const words = [...wordsOf(query.text), ...wordsOf(query.from)];
    if (words.length === 0) return { found: await this.view.list(query), stoppedAt: null };
    const end = performance.now() + patience.milliseconds;
    for (let tries = 1; ; tries++) {
      try {
        return await this.search(query, words, { ...patience, end });
      } catch (error) {
        if (!(error instanceof BlockMadeAnew) || tries === TRIES) throw error;
      }
    }
  }

  private async search(
    query: MessageQuery,
    words: readonly string[],
    { most, end }: Pick<SearchPatience, 'most'> & { readonly end: number },
  ): Promise<SearchPage> {
    const { scope, reader, since, until } = query;
    const blocks = await this.blocks.of(query.company);
    const fresh = await this.view.placesWrittenBehind(blocks.at(-1)?.to ?? '', query);
    const of = { grams: gramsToLookUp(words), owner: scope === 'mine' ? reader : null, since, until };
    const found = new Map<string, InboxMessage>();
    for (let { after } = query; ;) {
      const { round, next } = await this.round(blocks, fresh, { ...of, after }, most);
      for (let at = 0; at < round.length && found.size < query.limit; at += TOGETHER) {
        const ids = round.slice(at, at + TOGETHER).map(({ id }) => id);
        for (const message of await this.view.among(ids, query)) found.set(message.id, message);
        if (performance.now() > end) return page(found, query.limit, placeOf(round[at + ids.length - 1]!));
      }
      if (found.size >= query.limit || next === null) return page(found, query.limit, null);
      if (performance.now() > end) return page(found, query.limit, next);
      after = next;
    }
  }

  /** The next candidates in the order of the list, from the blocks and from what is in none yet. */
  private async round(blocks: readonly Block[], fresh: readonly Candidate[], query: CandidateQuery, most: number) {
    const { newest, cut } = await this.candidates.among(blocks, query, most);
    const last = cut ? newest.at(-1)! : null;
    const isBehind = behind(query.after);
    const between = fresh.filter((mail) => isBehind(mail) && (last === null || newestFirst(mail, last) <= 0));
    const round = [...newest, ...between].sort(newestFirst);
    return { round, next: last && placeOf(last) };
  }
}

const placeOf = ({ id, receivedAt }: Candidate): MessagePlace => ({
  id,
  receivedAt: new Date(receivedAt).toISOString(),
});

function page(found: ReadonlyMap<string, InboxMessage>, limit: number, stoppedAt: MessagePlace | null): SearchPage {
  const all = [...found.values()].sort((one, other) =>
    newestFirst({ id: one.id, receivedAt: +one.receivedAt }, { id: other.id, receivedAt: +other.receivedAt }),
  );
  return all.length > limit ? { found: all.slice(0, limit), stoppedAt: null } : { found: all, stoppedAt };
}
