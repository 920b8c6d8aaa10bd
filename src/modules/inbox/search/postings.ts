import { type Gram } from './grams.js';

/** Into how many parts the postings of a block are divided, so that a search reads little of them. */
export const SHARDS = 256;

/** Multiplicative hashing (Knuth, TAOCP 3, 6.4): neighbouring letters go to different shards. */
export const shardOf = (gram: Gram): number => Math.imul(gram, 0x9e3779b1) >>> 24;

const ENTRY_BYTES = 8;

/**
 * Which mails of a block hold which gram, as bytes: the number of grams, for each in ascending order the gram and
 * where its list begins, then the lists; a list is the mails' numbers, each as its distance from the one before it
 * (LEB128). Big-endian, 32 bits.
 */
export class PostingsBuilder {
  private readonly mailsOf = new Map<Gram, number[]>();

  /** Mails are added in the order of their numbers. */
  add(mail: number, grams: Iterable<Gram>): void {
    for (const gram of grams) {
      const mails = this.mailsOf.get(gram);
      if (mails) mails.push(mail);
      else this.mailsOf.set(gram, [mail]);
    }
  }

  /** One of `SHARDS` pieces each. */
  toShards(): Buffer[] {
    const shards = Array.from({ length: SHARDS }, (): Gram[] => []);
    for (const gram of this.mailsOf.keys()) shards[shardOf(gram)]!.push(gram);
    return shards.map((grams) => this.encoded(grams.sort((a, b) => a - b)));
  }

  private encoded(grams: readonly Gram[]): Buffer {
    const lists = grams.map((gram) => encodedList(this.mailsOf.get(gram)!));
    const head = Buffer.alloc(4 + grams.length * ENTRY_BYTES);
    head.writeUInt32BE(grams.length, 0);
    let offset = head.length;
    for (const [n, gram] of grams.entries()) {
      head.writeUInt32BE(gram, 4 + n * ENTRY_BYTES);
      head.writeUInt32BE(offset, 8 + n * ENTRY_BYTES);
      offset += lists[n]!.length;
    }
    return Buffer.concat([head, ...lists]);
  }
}

/** The numbers of the mails that hold the gram, ascending. */
export function mailsWith(gram: Gram, shard: Buffer): number[] {
  const count = shard.readUInt32BE(0);
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (shard.readUInt32BE(4 + middle * ENTRY_BYTES) < gram) low = middle + 1;
    else high = middle;
  }
  if (low === count || shard.readUInt32BE(4 + low * ENTRY_BYTES) !== gram) return [];
  const end = low + 1 === count ? shard.length : shard.readUInt32BE(8 + (low + 1) * ENTRY_BYTES);
  return decodedList(shard.subarray(shard.readUInt32BE(8 + low * ENTRY_BYTES), end));
}

/** What stands in both ascending lists. */
export function inBoth(some: readonly number[], others: readonly number[]): number[] {
  const both: number[] = [];
  for (let [a, b] = [0, 0]; a < some.length && b < others.length;) {
    const difference = some[a]! - others[b]!;
    if (difference === 0) both.push(some[a]!);
    if (difference <= 0) a++;
    if (difference >= 0) b++;
  }
  return both;
}

function encodedList(mails: readonly number[]): Buffer {
  const bytes: number[] = [];
  let before = 0;
  for (const mail of mails) {
    let distance = mail - before;
    for (; distance > 0x7f; distance >>>= 7) bytes.push((distance & 0x7f) | 0x80);
    bytes.push(distance);
    before = mail;
  }
  return Buffer.from(bytes);
}

function decodedList(bytes: Buffer): number[] {
  const mails: number[] = [];
  let [before, distance, shift] = [0, 0, 0];
  for (const byte of bytes) {
    distance |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte > 0x7f) continue;
    before += distance;
    mails.push(before);
    [distance, shift] = [0, 0];
  }
  return mails;
}
