import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection, mongo } from 'mongoose';
import { type Gram, gramsOf } from './grams.js';
import { PostingsBuilder, SHARDS, shardOf } from './postings.js';

/** A mail as the index takes it in. */
export interface IndexedMail {
  readonly id: string;
  readonly userId: string;
  readonly receivedAt: Date;
  readonly searchText: string;
}

/** Some thousand mails of a company, whose list entries were last written between two positions of the record. */
export interface BlockRange {
  readonly company: string;
  /** Excluded. */
  readonly from: string;
  /** Included. */
  readonly to: string;
}

export interface Block extends BlockRange {
  readonly newest: Date;
  readonly oldest: Date;
  readonly owners: readonly string[];
  /** Grows when the block is made anew; the name of its postings. */
  readonly generation: number;
  /** Something in it was erased at this position: it is to be made anew. The empty text: nothing was. */
  readonly staleSince: string;
}

/** The mails of a block by their numbers: what is needed to tell which of them to look at. */
export interface BlockMails {
  readonly ids: readonly string[];
  /** Milliseconds since 1970. */
  readonly receivedAt: readonly number[];
  /** The owner's place in the block's `owners`. */
  readonly owner: Uint16Array;
}

interface BlockDocument extends Block {
  readonly _id: string;
  readonly ids: mongo.Binary;
  readonly receivedAt: mongo.Binary;
  readonly owner: mongo.Binary;
}
/** Mail of a person was erased; kept as long as a block may be in the making that does not know of it. */
interface ErasureDocument {
  readonly company: string;
  readonly userId: string;
  readonly position: string;
  readonly at: Date;
}
interface ShardDocument {
  readonly _id: string;
  readonly postings: mongo.Binary;
}

/** Of the form of texts and postings: another number begins a new index beside the old one. */
const FORM = 1;
const NEVER = '';
const LONGEST_IN_THE_MAKING_MS = 24 * 60 * 60 * 1_000;
const WITHOUT_MAILS = { projection: { ids: 0, receivedAt: 0, owner: 0 } };

/**
 * The blocks of the search index (ADR 0062), made from the list of received mail and never the truth: whatever is
 * missing here is found by looking into the list, and whatever is found here is looked at there.
 */
@Injectable()
export class SearchBlocks {
  private readonly blocks: Collection<BlockDocument>;
  private readonly shards: Collection<ShardDocument>;
  private readonly erasures: Collection<ErasureDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.blocks = connection.collection<BlockDocument>(`inbox_search_blocks_${FORM}`);
    this.shards = connection.collection<ShardDocument>(`inbox_search_postings_${FORM}`);
    this.erasures = connection.collection<ErasureDocument>(`inbox_search_erasures_${FORM}`);
  }

  async prepare(): Promise<void> {
    await this.blocks.createIndex({ company: 1, to: -1 });
    await this.blocks.createIndex({ staleSince: 1 });
    await this.erasures.createIndex({ company: 1, position: 1 });
  }

  /** In the order of their positions, without their mails. */
  async of(company: string): Promise<readonly Block[]> {
    return this.blocks.find({ company }, WITHOUT_MAILS).sort({ to: 1 }).toArray();
  }

  /** Up to which position the company's mail is in blocks; the empty text: none is. */
  async sealedTo(company: string): Promise<string> {
    const last = await this.blocks.findOne({ company }, { sort: { to: -1 }, projection: { to: 1 } });
    return last?.to ?? '';
  }

  /** A block that is to be made anew from a list that shows everything up to this position; null: there is none. */
  async anyStale(upTo: string): Promise<Block | null> {
    return this.blocks.findOne({ staleSince: { $gt: NEVER, $lte: upTo } }, WITHOUT_MAILS);
  }

  /**
   * Mail of this person was erased: no block may hold its grams any longer. Noted first, for the blocks that are in
   * the making; whichever comes first, such a block or this, the block gets to know.
   */
  async makeVoid(company: string, userId: string, position: string): Promise<void> {
    await this.erasures.insertOne({ company, userId, position, at: new Date() });
    await this.blocks.updateMany({ company, owners: userId }, { $set: { staleSince: position } });
    await this.erasures.deleteMany({ company, at: { $lt: new Date(Date.now() - LONGEST_IN_THE_MAKING_MS) } });
  }

  async mailsOf(block: Block): Promise<BlockMails | null> {
    const found = await this.blocks.findOne({ _id: idOf(block), generation: block.generation });
    if (!found) return null;
    const [times, owner] = [bytesOf(found.receivedAt), bytesOf(found.owner)];
    return {
      ids: bytesOf(found.ids).toString('utf8').split('\n'),
      receivedAt: Array.from({ length: times.length / 8 }, (_, mail) => times.readDoubleBE(mail * 8)),
      owner: Uint16Array.from({ length: owner.length / 2 }, (_, mail) => owner.readUInt16BE(mail * 2)),
    };
  }

  /** The shards of these blocks in which these grams stand, by block; a block that was made anew meanwhile has none. */
  async postingsOf(
    blocks: readonly Block[],
    grams: readonly Gram[],
  ): Promise<ReadonlyMap<Block, ReadonlyMap<number, Buffer>>> {
    const numbers = [...new Set(grams.map(shardOf))];
    const ids = blocks.flatMap((block) => numbers.map((number) => shardIdOf(block, number)));
    const found = await this.shards.find({ _id: { $in: ids } }, { batchSize: ids.length }).toArray();
    const byId = new Map(found.map(({ _id, postings }) => [_id, bytesOf(postings)]));
    const whole = blocks.filter((block) => numbers.every((number) => byId.has(shardIdOf(block, number))));
    return new Map(whole.map((block) => [block, new Map(numbers.map((n) => [n, byId.get(shardIdOf(block, n))!]))]));
  }

  /**
   * Keeps these mails as the block of this range, in the place of an older one: the new postings first, then the
   * block that names them, then the old ones go. One at a time a range, by the caller's lease.
   *
   * @param seen the position up to which the list that the mails come from shows everything
   */
  async keep(range: BlockRange, mails: readonly IndexedMail[], seen: string, wait: () => Promise<void>): Promise<void> {
    const before = await this.blocks.findOne({ _id: idOf(range) }, WITHOUT_MAILS);
    const generation = (before?.generation ?? 0) + 1;
    const postings = await postingsOf(mails, wait);
    await this.dropPostings({ ...range, generation });
    const named = postings.map((bytes, n) => ({
      _id: shardIdOf({ ...range, generation }, n),
      postings: new mongo.Binary(bytes),
    }));
    await this.shards.insertMany(named, { ordered: false });
    const block = blockOf(range, mails, generation);
    await this.blocks.replaceOne({ _id: idOf(range) }, block, { upsert: true });
    if (before) await this.dropPostings(before);
    await this.catchUpOnErasures(block, seen);
  }

  private async catchUpOnErasures({ company, from, to, owners }: Block, seen: string): Promise<void> {
    const filter = { company, position: { $gt: seen }, userId: { $in: [...owners] } };
    const missed = await this.erasures.findOne(filter, { sort: { position: -1 } });
    if (!missed) return;
    await this.blocks.updateOne({ _id: idOf({ company, from, to }) }, { $set: { staleSince: missed.position } });
  }

  private async dropPostings(block: BlockRange & Pick<Block, 'generation'>): Promise<void> {
    const ids = Array.from({ length: SHARDS }, (_, number) => shardIdOf(block, number));
    await this.shards.deleteMany({ _id: { $in: ids } });
  }
}

const idOf = ({ company, from }: BlockRange): string => `${company} ${from}`;
const shardIdOf = (block: BlockRange & Pick<Block, 'generation'>, number: number): string =>
  `${idOf(block)} ${block.generation} ${number}`;
const bytesOf = ({ buffer, position }: mongo.Binary): Buffer => Buffer.from(buffer.buffer, buffer.byteOffset, position);

const BETWEEN_BREATHS = 256;

async function postingsOf(mails: readonly IndexedMail[], wait: () => Promise<void>): Promise<Buffer[]> {
  const builder = new PostingsBuilder();
  for (const [number, { searchText }] of mails.entries()) {
    builder.add(number, gramsOf(searchText));
    if (number % BETWEEN_BREATHS === 0) await wait();
  }
  return builder.toShards();
}

function blockOf({ company, from, to }: BlockRange, mails: readonly IndexedMail[], generation: number) {
  const owners = [...new Set(mails.map(({ userId }) => userId))];
  const numberOf = new Map(owners.map((userId, number) => [userId, number]));
  const receivedAt = Buffer.alloc(mails.length * 8);
  const owner = Buffer.alloc(mails.length * 2);
  for (const [number, mail] of mails.entries()) {
    receivedAt.writeDoubleBE(mail.receivedAt.getTime(), number * 8);
    owner.writeUInt16BE(numberOf.get(mail.userId)!, number * 2);
  }
  const times = mails.map((mail) => mail.receivedAt.getTime());
  const [newest, oldest] = times.reduce(([most, least], at) => [Math.max(most, at), Math.min(least, at)], [0, Date.now()]); // prettier-ignore
  const ids = new mongo.Binary(Buffer.from(mails.map(({ id }) => id).join('\n')));
  const bytes = { ids, receivedAt: new mongo.Binary(receivedAt), owner: new mongo.Binary(owner) };
  const seen = { newest: new Date(newest), oldest: new Date(oldest) };
  return { company, from, to, ...seen, owners, generation, staleSince: NEVER, ...bytes };
}
