import { isDeepStrictEqual } from 'node:util';
import type { Operation } from './operations.js';
import type { Outcome } from './perform.js';
import type { Document } from './running-document-store.js';

/*
 * MongoDB's rules for the values and operators of `operations.ts`, written down a second time and as plainly as possible:
 * a list of documents, no indexes, no encodings. Only scalars, arrays of numbers and one level of nesting.
 */

/** Null, numbers, strings, booleans, dates: their order in comparisons across types. */
function rank(value: unknown): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (typeof value === 'boolean') return 8;
  return value instanceof Date ? 9 : 4;
}

function compare(a: unknown, b: unknown): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  return Number(a ?? 0) - Number(b ?? 0);
}

const at = (document: Document, path: string): unknown =>
  path.split('.').reduce<unknown>((value, step) => (value as Document | undefined)?.[step], document);

/** The values which a condition may hold for: of an array each item. (No operand here is an array.) */
const candidates = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const TESTS: Readonly<Record<string, (value: unknown, operand: unknown) => boolean>> = {
  $eq: (value, operand) => candidates(value).some((item) => compare(item, operand) === 0),
  $ne: (value, operand) => !test(value, '$eq', operand),
  $gt: (value, operand) => sameKind(value, operand, (order) => order > 0),
  $gte: (value, operand) => sameKind(value, operand, (order) => order >= 0),
  $lt: (value, operand) => sameKind(value, operand, (order) => order < 0),
  $lte: (value, operand) => sameKind(value, operand, (order) => order <= 0),
  $in: (value, operand) => (operand as unknown[]).some((item) => test(value, '$eq', item)),
  $nin: (value, operand) => !test(value, '$in', operand),
  $exists: (value, operand) => (value !== undefined) === operand,
};

const test = (value: unknown, operator: string, operand: unknown): boolean =>
  TESTS[operator]?.(value, operand) ?? false;

const sameKind = (value: unknown, operand: unknown, accepts: (order: number) => boolean): boolean =>
  candidates(value).some((item) => rank(item) === rank(operand) && accepts(compare(item, operand)));

const isConditions = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && Object.keys(value).some((key) => key.startsWith('$'));

function matches(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === '$and') return (wanted as Document[]).every((part) => matches(document, part));
    if (name === '$or') return (wanted as Document[]).some((part) => matches(document, part));
    const conditions = isConditions(wanted) ? wanted : { $eq: wanted as unknown };
    return Object.entries(conditions).every(([operator, operand]) => test(at(document, name), operator, operand));
  });
}

/** Thrown where MongoDB refuses, with its code. */
class Refusal extends Error {
  constructor(readonly code: number) {
    super(`refused by ${code}`);
  }
}

function setPath(document: Document, path: string, value: unknown): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) {
    document[first] = value;
    return;
  }
  document[first] ??= {};
  (document[first] as Document)[second] = value;
}

function unsetPath(document: Document, path: string): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) delete document[first];
  else if (document[first] !== undefined) delete (document[first] as Document)[second];
}

function arrayAt(document: Document, name: string, code: number): number[] | undefined {
  const value: unknown = document[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Refusal(code);
  return value as number[];
}

const CHANGES: Readonly<Record<string, (document: Document, path: string, operand: unknown) => void>> = {
  $set: setPath,
  $unset: unsetPath,
  $inc: (document, name, operand) => {
    const value: unknown = document[name];
    if (value !== undefined && typeof value !== 'number') throw new Refusal(14);
    document[name] = (value ?? 0) + (operand as number);
  },
  $push: (document, name, operand) => {
    document[name] = [...(arrayAt(document, name, 2) ?? []), operand];
  },
  $addToSet: (document, name, operand) => {
    const items = arrayAt(document, name, 2) ?? [];
    document[name] = items.includes(operand as number) ? items : [...items, operand];
  },
  $pull: (document, name, operand) => {
    const items = arrayAt(document, name, 2);
    if (items !== undefined) document[name] = items.filter((item) => item !== operand);
  },
  $min: (document, name, operand) => extreme(document, name, operand, -1),
  $max: (document, name, operand) => extreme(document, name, operand, 1),
};

/** An array is above all that `operand` can be here. */
function extreme(document: Document, name: string, operand: unknown, sign: number): void {
  const value: unknown = document[name];
  const order = Array.isArray(value) ? -1 : compare(operand, value);
  if (value === undefined || order * sign > 0) document[name] = operand;
}

function changed(document: Document, update: Document): Document {
  const copy = structuredClone(document);
  for (const [operator, fields] of Object.entries(update)) {
    for (const [path, operand] of Object.entries(fields as Document))
      CHANGES[operator]?.(copy, path, structuredClone(operand));
  }
  return copy;
}

/** What sorting takes of an array: the least item, or the greatest; nothing at all is below null. */
function sortValue(value: unknown, direction: number): unknown {
  if (!Array.isArray(value)) return value;
  return value.length === 0 ? EMPTY : value.toSorted((a, b) => compare(a, b) * direction)[0];
}

const EMPTY = Symbol('an empty array');

function compareForSort(a: Document, b: Document, sort: Document): number {
  for (const [name, direction] of Object.entries(sort) as [string, number][]) {
    const [x, y] = [a, b].map((document) => sortValue(at(document, name), direction));
    const order = x === EMPTY || y === EMPTY ? Number(y === EMPTY) * 1 - Number(x === EMPTY) : compare(x, y);
    if (order !== 0) return order * direction;
  }
  return 0;
}

/** The documents of one collection. */
export class ModelStore {
  private documents: Document[] = [];

  perform(operation: Operation): Outcome {
    try {
      return { result: this.run(operation) };
    } catch (error) {
      if (error instanceof Refusal) return { refused: error.code };
      throw error;
    }
  }

  contents(): Document[] {
    return this.documents.toSorted((a, b) => (a['_id'] as number) - (b['_id'] as number));
  }

  private run(operation: Operation): unknown {
    switch (operation.kind) {
      case 'insert':
        return this.insert(operation.document);
      case 'update':
        return this.update({ _id: operation.id }, operation.update, operation.upsert);
      case 'updateMany': {
        const { matchedCount, modifiedCount } = this.update(operation.filter, operation.update, false);
        return { matchedCount, modifiedCount };
      }
      case 'replace':
        return this.change({ _id: operation.id }, ({ _id }) => ({ _id: _id as unknown, ...operation.document }));
      case 'deleteMany': {
        const kept = this.documents.filter((document) => !matches(document, operation.filter));
        const count = this.documents.length - kept.length;
        this.documents = kept;
        return count;
      }
      case 'find': {
        const { filter, sort, skip, limit } = operation;
        const found = this.find(filter).sort((a, b) => compareForSort(a, b, sort));
        return found.slice(skip, limit === 0 ? undefined : skip + limit);
      }
      case 'count':
        return this.find(operation.filter).length;
    }
  }

  private find(filter: Document): Document[] {
    return this.documents.filter((document) => matches(document, filter));
  }

  private insert(document: Document): unknown {
    if (this.find({ _id: document['_id'] as unknown }).length > 0) throw new Refusal(11000);
    this.documents.push(structuredClone(document));
    return document['_id'];
  }

  private update(filter: Document, update: Document, upsert: boolean): Document {
    const outcome = this.change(filter, (document) => changed(document, update));
    if (!upsert || outcome['matchedCount'] !== 0) return { ...outcome, upsertedId: null };
    return { ...outcome, upsertedId: this.insert(changed({ ...filter }, update)) };
  }

  /** Changes one document after the other; a refusal leaves those before it changed. */
  private change(filter: Document, change: (document: Document) => Document): Document {
    const found = this.find(filter);
    let modifiedCount = 0;
    for (const document of found) {
      const after = change(document);
      if (isDeepStrictEqual(document, after)) continue;
      this.documents[this.documents.indexOf(document)] = after;
      modifiedCount++;
    }
    return { matchedCount: found.length, modifiedCount };
  }
}
