import { type Collection, mongo } from 'mongoose';

type Stored = Readonly<Record<string, unknown>> & { readonly _id: unknown };

/** What two collections have in common. */
export interface Comparison {
  readonly documents: number;
  /** The ids of documents that differ, or are in one of them only. */
  readonly different: readonly string[];
}

/** Compares document by document, whatever the order of fields; holds no more than one of each in memory. */
export async function compareCollections(left: Collection, right: Collection): Promise<Comparison> {
  const [lefts, rights] = [inOrder(left), inOrder(right)];
  const different: string[] = [];
  let documents = 0;
  let [one, other] = [await lefts.next(), await rights.next()];
  while (!one.done || !other.done) {
    documents += 1;
    const order = compareIds(one, other);
    if (order !== 0) different.push(String(((order < 0 ? one : other).value as Stored)._id));
    else if (textOf(one.value) !== textOf(other.value)) different.push(String((one.value as Stored)._id));
    const [moveLeft, moveRight] = [order <= 0, order >= 0];
    if (moveLeft) one = await lefts.next();
    if (moveRight) other = await rights.next();
  }
  return { documents, different };
}

/** Those of the ids whose documents still differ: what was only on its way has arrived by now. */
export async function stillDifferent(left: Collection, right: Collection, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const filter = { _id: id } as object;
      const [one, other] = await Promise.all([left.findOne(filter), right.findOne(filter)]);
      return textOf(one) === textOf(other) ? [] : [id];
    }),
  );
  return found.flat();
}

const inOrder = (collection: Collection) => collection.find().sort({ _id: 1 })[Symbol.asyncIterator]();

function compareIds(one: IteratorResult<unknown>, other: IteratorResult<unknown>): number {
  if (one.done) return 1;
  if (other.done) return -1;
  const [a, b] = [(one.value as Stored)._id, (other.value as Stored)._id].map(String) as [string, string];
  // The order in which MongoDB sorts texts without a collation: by their bytes.
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Canonical Extended JSON with sorted fields: tells a date from a text, and 1 from "1". */
function textOf(document: unknown): string {
  if (document === null || document === undefined) return '';
  return JSON.stringify(sorted(mongo.BSON.EJSON.serialize(document, { relaxed: false })));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
