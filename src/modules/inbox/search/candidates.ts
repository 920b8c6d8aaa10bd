import { Injectable } from '@nestjs/common';
import { type MessagePlace } from '../read-model/inbox-messages.filter.js';
import { type Gram } from './grams.js';
import { inBoth, mailsWith, shardOf } from './postings.js';
import { type Block, type BlockMails, SearchBlocks } from './search-blocks.js';

/** A mail that has all grams of the search, and so may be one that is looked for. */
export interface Candidate {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export interface CandidateQuery {
  readonly grams: readonly Gram[];
  /** Only mail of this person; null: of anybody. */
  readonly owner: string | null;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly after: MessagePlace | null;
}

/** The newest candidates; what is `cut` off lies behind the last of them. */
export interface Candidates {
  readonly newest: readonly Candidate[];
  readonly cut: boolean;
}

/** Blocks of which postings are in memory at a time. */
const TOGETHER = 16;

/** Newest first, as the list has it; equal instants by id, backwards. */
export const newestFirst = (one: Candidate, other: Candidate): number =>
  other.receivedAt - one.receivedAt || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

/** Asks the blocks of the search index which mails to look at. */
@Injectable()
export class SearchCandidates {
  constructor(private readonly blocks: SearchBlocks) {}

  /**
   * The newest candidates behind `after`, at most so many, from the blocks of a company. Blocks come newest first, and
   * where the others hold nothing newer than what is found already they are not read.
   */
  async among(blocks: readonly Block[], query: CandidateQuery, most: number): Promise<Candidates> {
    const left = blocks.filter((block) => mayHold(block, query)).sort((a, b) => +b.newest - +a.newest);
    const gathered = new Gathered(most);
    while (left.length > 0 && !gathered.isFullWith(left[0]!.newest)) {
      const group = left.splice(0, TOGETHER);
      const postings = await this.blocks.postingsOf(group, query.grams);
      for (const block of group) {
        const shards = postings.get(block);
        if (shards === undefined) throw new BlockMadeAnew();
        const numbers = numbersWithAll(query.grams, shards);
        if (numbers.length > 0) gathered.add(wanted(block, await this.mailsOf(block), numbers, query));
      }
    }
    return gathered.result(left.length > 0);
  }

  private async mailsOf(block: Block): Promise<BlockMails> {
    const mails = await this.blocks.mailsOf(block);
    if (mails === null) throw new BlockMadeAnew();
    return mails;
  }
}

/** A block was made anew since it was listed: list the blocks again. */
export class BlockMadeAnew extends Error {
  override readonly name = 'BlockMadeAnew';
}

function mayHold({ newest, oldest, owners }: Block, { owner, since, until, after }: CandidateQuery): boolean {
  return (
    (owner === null || owners.includes(owner)) &&
    (since === undefined || newest >= since) &&
    (until === undefined || oldest < until) &&
    (after === null || oldest <= new Date(after.receivedAt))
  );
}

function numbersWithAll(grams: readonly Gram[], shards: ReadonlyMap<number, Buffer>): readonly number[] {
  const [first, ...others] = grams;
  let numbers = first === undefined ? [] : mailsWith(first, shards.get(shardOf(first))!);
  for (const gram of others) {
    if (numbers.length === 0) return numbers;
    numbers = inBoth(numbers, mailsWith(gram, shards.get(shardOf(gram))!));
  }
  return numbers;
}

function wanted(block: Block, mails: BlockMails, numbers: readonly number[], query: CandidateQuery): Candidate[] {
  const { owner, after } = query;
  const [since, until] = [query.since?.getTime() ?? -Infinity, query.until?.getTime() ?? Infinity];
  const ownerNumber = owner === null ? null : block.owners.indexOf(owner);
  const isBehind = behind(after);
  return numbers
    .filter((number) => ownerNumber === null || mails.owner[number] === ownerNumber)
    .map((number): Candidate => ({ id: mails.ids[number]!, receivedAt: mails.receivedAt[number]! }))
    .filter((mail) => mail.receivedAt >= since && mail.receivedAt < until && isBehind(mail));
}

/** Tells what lies behind a place of the list. */
export function behind(place: MessagePlace | null): (mail: Candidate) => boolean {
  if (place === null) return () => true;
  const mark = { id: place.id, receivedAt: new Date(place.receivedAt).getTime() };
  return (mail) => newestFirst(mark, mail) < 0;
}

/** Keeps the newest, whatever comes. */
class Gathered {
  private kept: Candidate[] = [];
  private cut = false;

  constructor(private readonly most: number) {}

  add(candidates: readonly Candidate[]): void {
    this.kept = this.kept.concat(candidates);
    if (this.kept.length > 2 * this.most) this.shorten();
  }

  /** Whether nothing received up to this instant could still get in. */
  isFullWith(instant: Date): boolean {
    if (this.kept.length < this.most) return false;
    this.shorten();
    return this.kept.at(-1)!.receivedAt > instant.getTime();
  }

  result(moreToCome: boolean): Candidates {
    this.shorten();
    return { newest: this.kept, cut: this.cut || moreToCome };
  }

  private shorten(): void {
    this.kept.sort(newestFirst);
    if (this.kept.length > this.most) this.cut = true;
    this.kept.length = Math.min(this.kept.length, this.most);
  }
}
