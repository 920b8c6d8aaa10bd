import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { Elements, fieldOf, isEmpty, itemsOf } from '../bson/elements.js';
import type { FieldPath, PathStep } from '../bson/field-path.js';
import { EMPTY_ARRAY } from '../bson/make-cell.js';
import { KEY_END, KeyWriter } from '../bson/key-encoding.js';
import { MongoFault } from '../mongo-fault.js';

/** One field of a key pattern such as `{ a: 1, 'b.c': -1 }`. */
export interface KeyField {
  readonly path: FieldPath;
  readonly descending: boolean;
}

/** The keys under which a document is found. */
export interface DocumentKeys {
  /** Distinct, in no particular order. One, unless an array is indexed. */
  readonly keys: readonly Buffer[];
  /** Bit i is set when field i led through an array. */
  readonly arrays: number;
  /** Whether the document has at least one of the fields: what a sparse index asks. */
  readonly present: boolean;
}

/** What is known of one field while arrays are taken apart. */
interface Slot {
  /** Set when the value is settled; `undefined` inside means missing. */
  readonly value: Cell | 'empty-array' | undefined;
  /** The array that stands in the way, with the steps still to go behind it. */
  readonly array?: Cell;
  readonly depth: number;
}

const writer = new KeyWriter();

/** Makes keys of documents by a key pattern; also sort keys, which MongoDB makes by the same rules. */
export class KeyMaker {
  constructor(readonly fields: readonly KeyField[]) {}

  /**
   * @throws MongoFault 171 when two different arrays would be indexed together
   */
  keysOf(document: Cell): DocumentKeys {
    const slots = this.fields.map(({ path }) => walk(document, path, 0));
    const present = slots.some(({ value, array }) => value !== undefined || array !== undefined);
    const arrays = slots.reduce((mask, { array }, index) => (array === undefined ? mask : mask | (1 << index)), 0);
    if (arrays === 0) return { keys: [this.encode(slots)], arrays, present };
    const found = new Map<string, Buffer>();
    this.expand(slots, (settled) => {
      const key = this.encode(settled);
      found.set(key.toString('latin1'), key);
    });
    return { keys: [...found.values()], arrays, present };
  }

  /** The key by which a document is sorted: of several the first in the pattern's order. */
  sortKeyOf(document: Cell): Buffer {
    const { keys } = this.keysOf(document);
    return keys.reduce((least, key) => (key.compare(least) < 0 ? key : least));
  }

  /** The values that make up one of the document's keys, in the pattern's order; for messages. */
  valuesOf(document: Cell, key: Buffer): readonly (Cell | undefined)[] {
    let values: readonly (Cell | undefined)[] = [];
    const start = this.fields.map(({ path }) => walk(document, path, 0));
    this.expand(start, (slots) => {
      if (!this.encode(slots).equals(key)) return;
      values = slots.map(({ value }) => (value === 'empty-array' ? EMPTY_ARRAY : value));
    });
    return values;
  }

  private encode(slots: readonly Slot[]): Buffer {
    writer.reset();
    slots.forEach(({ value }, index) => {
      const { descending } = this.fields[index] as KeyField;
      if (value === 'empty-array') writer.emptyArray(descending);
      else writer.component(value, descending);
    });
    return writer.byte(KEY_END).take();
  }

  /** Settles the array in the way, item by item; every combination becomes a key. */
  private expand(slots: readonly Slot[], emit: (settled: readonly Slot[]) => void): void {
    const blocking = slots.find(({ array }) => array !== undefined)?.array;
    if (blocking === undefined) return emit(slots);
    this.checkParallel(slots, blocking);
    const settle = (item: Cell | 'empty-array'): readonly Slot[] =>
      slots.map((slot, index) => {
        if (slot.array === undefined) return slot;
        return this.enter(slot, item, this.fields[index] as KeyField);
      });
    if (isEmpty(blocking)) return emit(settle('empty-array'));
    const items = new Elements(blocking);
    while (items.next()) this.expand(settle(items.cell), emit);
  }

  private enter(slot: Slot, item: Cell | 'empty-array', { path }: KeyField): Slot {
    if (item === 'empty-array') return { value: item, depth: slot.depth };
    // An array within the array is indexed as a value, not taken apart again
    if (slot.depth === path.steps.length) return { value: item, depth: slot.depth };
    return item.type === BsonType.object ? walk(item, path, slot.depth) : { value: undefined, depth: slot.depth };
  }

  private checkParallel(slots: readonly Slot[], blocking: Cell): void {
    slots.forEach(({ array }, index) => {
      if (array === undefined || (array.buffer === blocking.buffer && array.start === blocking.start)) return;
      const first = slots.findIndex((slot) => slot.array === blocking);
      const name = (at: number): string => this.fields[at]?.path.text ?? '';
      throw new MongoFault(171, `cannot index parallel arrays [${name(index)}] [${name(first)}]`);
    });
  }
}

/** One step down; a number is also the index of an array item. */
function stepInto(value: Cell, step: PathStep): Cell | undefined {
  if (value.type === BsonType.object) return fieldOf(value, step);
  return value.type === BsonType.array && step.index >= 0 ? itemsOf(value)[step.index] : undefined;
}

/** Follows a path up to its end or to the first array that stands for its items. */
function walk(document: Cell, path: FieldPath, from: number): Slot {
  let value = document;
  for (let depth = from; depth < path.steps.length; depth++) {
    const next = stepInto(value, path.steps[depth] as PathStep);
    if (next === undefined) return { value: undefined, depth, ...(value.type === BsonType.array && { array: value }) };
    value = next;
  }
  const depth = path.steps.length;
  return value.type === BsonType.array ? { value: undefined, array: value, depth } : { value, depth };
}
