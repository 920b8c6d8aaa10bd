import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { Elements, fieldOf } from '../bson/elements.js';
import type { FieldPath, PathStep } from '../bson/field-path.js';

/**
 * Called with each value a path leads to; undefined stands for "no such field".
 * @param outerIndex the index taken in the outermost array on the way, or -1: what `$` means in an update
 * @returns true to stop
 */
export type Visit = (value: Cell | undefined, outerIndex: number) => boolean;

/**
 * Walks a dotted path as MongoDB's query language does (manual, "Query an Array", "Query on Embedded Documents"):
 * an array on the way stands for each of its objects, a number can be an array index, and an array at the end is
 * visited item by item and then as a whole. A field which an object lacks is visited as undefined; items of an array
 * which are not objects have no fields at all and are not visited.
 */
export class PathWalk {
  /** @param expandLast whether an array at the end is visited item by item too */
  constructor(
    private readonly path: FieldPath,
    private readonly expandLast: boolean,
    private readonly visit: Visit,
  ) {}

  /** Visits the values of the path in a document; true when a visit stopped it. */
  in(document: Cell): boolean {
    return this.arrive(fieldOf(document, this.path.first), 1, -1);
  }

  /** `value` was reached by the steps before `depth`. */
  private arrive(value: Cell | undefined, depth: number, outer: number): boolean {
    const step = this.path.steps[depth];
    if (step === undefined) return this.atEnd(value, outer);
    if (value?.type === BsonType.object) return this.arrive(fieldOf(value, step), depth + 1, outer);
    if (value?.type === BsonType.array) return this.throughArray(value, step, depth, outer);
    return this.visit(undefined, outer);
  }

  private atEnd(value: Cell | undefined, outer: number): boolean {
    if (this.expandLast && value?.type === BsonType.array) {
      const items = new Elements(value);
      for (let index = 0; items.next(); index++) {
        if (this.visit(items.cell, outer < 0 ? index : outer)) return true;
      }
    }
    return this.visit(value, outer);
  }

  private throughArray(array: Cell, step: PathStep, depth: number, outer: number): boolean {
    const items = new Elements(array);
    for (let index = 0; items.next(); index++) {
      const at = outer < 0 ? index : outer;
      if (items.type === BsonType.object && this.throughItem(items.cell, step, depth, at)) return true;
      if (index === step.index && this.atIndex(items.cell, depth + 1, at)) return true;
    }
    return false;
  }

  private throughItem(item: Cell, step: PathStep, depth: number, outer: number): boolean {
    const value = fieldOf(item, step);
    // `a.0` in [{b: 1}] means the item, not a missing field "0" of it
    if (value === undefined && step.index >= 0) return false;
    return this.arrive(value, depth + 1, outer);
  }

  private atIndex(item: Cell, depth: number, outer: number): boolean {
    return depth === this.path.steps.length ? this.visit(item, outer) : this.arrive(item, depth, outer);
  }
}
