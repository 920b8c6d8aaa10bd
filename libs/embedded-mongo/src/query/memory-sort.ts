import type { Cell } from '../bson/cell.js';
import { MongoFault } from '../mongo-fault.js';
import { KeyMaker, type KeyField } from '../store/index-keys.js';

/** MongoDB's limit for a sort in memory (manual, "Sort Operations": 100 megabytes). */
export const MEMORY_LIMIT = 100 * 1024 * 1024;
const ENTRY_OVERHEAD = 48;

interface Entry<Item> {
  readonly key: Buffer;
  readonly sequence: number;
  readonly item: Item;
  readonly size: number;
}

/**
 * Sorts items by the sort keys of documents within a bounded memory. With a limit it keeps only as many as are asked
 * for, whatever number goes through. Items with equal keys stay in the order they came in.
 */
export class MemorySort<Item> {
  private readonly keys: KeyMaker;
  private entries: Entry<Item>[] = [];
  private used = 0;
  private sequence = 0;

  /** @param limit how many of the first items are wanted, Infinity for all */
  constructor(
    sort: readonly KeyField[],
    private readonly limit: number,
    private readonly memoryLimit = MEMORY_LIMIT,
  ) {
    this.keys = new KeyMaker(sort);
  }

  /**
   * @param size bytes which the item itself takes
   * @throws MongoFault 292 when the limit is exceeded, 2 when the sort keys are parallel arrays
   */
  add(document: Cell, item: Item, size: number): void {
    const key = this.keyOf(document);
    const entry = { key, item, sequence: this.sequence++, size: key.length + size + ENTRY_OVERHEAD };
    this.entries.push(entry);
    this.used += entry.size;
    if (this.entries.length >= this.limit * 2 + 100) this.cut();
    if (this.used > this.memoryLimit) {
      throw new MongoFault(
        292,
        `Executor error during find command :: caused by :: Sort exceeded memory limit of ${String(this.memoryLimit)} ` +
          'bytes, but did not opt in to external sorting.',
      );
    }
  }

  /** The items in order. */
  finish(): Item[] {
    this.cut();
    return this.entries.map(({ item }) => item);
  }

  private cut(): void {
    this.entries.sort((a, b) => a.key.compare(b.key) || a.sequence - b.sequence);
    if (this.entries.length <= this.limit) return;
    this.entries = this.entries.slice(0, this.limit);
    this.used = this.entries.reduce((sum, { size }) => sum + size, 0);
  }

  private keyOf(document: Cell): Buffer {
    try {
      return this.keys.sortKeyOf(document);
    } catch (error) {
      if (error instanceof MongoFault && error.code === 171) {
        throw new MongoFault(2, 'cannot sort with keys that are parallel arrays');
      }
      throw error;
    }
  }
}
