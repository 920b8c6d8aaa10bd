import type { Cell } from '../bson/cell.js';
import type { TimeBudget } from '../plan/time-budget.js';
import type { Filter } from '../query/filter.js';
import type { Collection } from '../store/collection.js';
import type { KeyField } from '../store/index-keys.js';

/** Documents one by one; between two batches of a cursor it is paused. */
export interface DocumentStream {
  next(): Cell | undefined;
  pause(): void;
}

/** What stages need of the world around them. */
export interface PipelineContext {
  readonly budget: TimeBudget;
  /** Another collection of the same database, for `$lookup`. */
  collection(name: string): Collection | undefined;
}

/** A stage that only counts: `{ $group: { _id: 1, n: { $sum: 1 } } }` of `countDocuments`, or `{ $count: 'n' }`. */
export interface Counting {
  readonly id: Cell | undefined;
  readonly field: string;
}

/** One stage of a pipeline. What it says about itself lets leading stages be answered by an index. */
export interface Stage {
  readonly name: string;
  readonly filter?: Filter;
  readonly sort?: readonly KeyField[];
  readonly skip?: number;
  readonly limit?: number;
  readonly counting?: Counting;
  apply(source: DocumentStream, context: PipelineContext): DocumentStream;
}

/** A stream that gives for each document at most one. */
export function mapStream(source: DocumentStream, map: (document: Cell) => Cell | undefined): DocumentStream {
  return {
    pause: () => source.pause(),
    next: () => {
      for (let document = source.next(); document !== undefined; document = source.next()) {
        const result = map(document);
        if (result !== undefined) return result;
      }
      return undefined;
    },
  };
}

/** A stream that gives for each document any number of documents. */
export function expandStream(source: DocumentStream, expand: (document: Cell) => readonly Cell[]): DocumentStream {
  let pending: readonly Cell[] = [];
  let position = 0;
  return {
    pause: () => source.pause(),
    next: () => {
      while (position >= pending.length) {
        const document = source.next();
        if (document === undefined) return undefined;
        pending = expand(document);
        position = 0;
      }
      return pending[position++];
    },
  };
}

/** A stream of what is only known when the source was read to its end, as of a sort. */
export function collectStream(source: DocumentStream, collect: () => readonly Cell[]): DocumentStream {
  let results: readonly Cell[] | undefined;
  let position = 0;
  return {
    pause: () => source.pause(),
    next: () => {
      results ??= collect();
      return results[position++];
    },
  };
}

/** Reads a stream to its end. */
export function drain(source: DocumentStream, receive: (document: Cell) => void): void {
  for (let document = source.next(); document !== undefined; document = source.next()) receive(document);
}
