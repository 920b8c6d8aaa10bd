import { Cell } from '../bson/cell.js';
import { ArrayNode, closed, DocumentNode, opened, type TreeNode } from '../bson/document-tree.js';
import { shortText } from '../bson/to-text.js';
import { MongoFault } from '../mongo-fault.js';
import type { ArrayFilters } from './array-filters.js';
import { FieldSlot, ItemSlot, type Slot } from './slot.js';
import type { UpdatePath, UpdateStep } from './update-path.js';

/** What an operator needs to find its places. */
export interface SlotSearch {
  readonly arrayFilters: ArrayFilters;
  /** The array index for `$`, or -1. */
  readonly hitIndex: number;
  /** Whether missing objects on the way are made. An operator that only takes away makes none. */
  readonly creates: boolean;
}

const join = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);

/** Error 28, or nothing at all for an operator that only takes away. */
function blocked(slot: Slot, step: string, creates: boolean): void {
  if (!creates) return;
  const name = slot.path.slice(slot.path.lastIndexOf('.') + 1);
  const value = slot.node === undefined ? undefined : closed(slot.node);
  throw new MongoFault(28, `Cannot create field '${step}' in element {${name}: ${shortText(value)}}`);
}

/** Walks an update path and calls `found` for every place it means: several with `$[]`. */
class SlotFinder {
  constructor(
    private readonly path: UpdatePath,
    private readonly search: SlotSearch,
    private readonly found: (slot: Slot) => void,
  ) {}

  /** `container` is open; the step at `depth` leads out of it. `slot` is where the container lies. */
  step(container: TreeNode, depth: number, slot: Slot | undefined, at: string): void {
    const step = this.path.steps[depth] as UpdateStep;
    if (step.kind === 'items') return this.throughItems(container, step, depth, at);
    const name = step.kind === 'matched' ? this.matchedIndex() : step.text;
    const index = step.kind === 'matched' ? this.search.hitIndex : step.index;
    if (container instanceof DocumentNode) return this.arrive(new FieldSlot(container, name, join(at, name)), depth);
    if (container instanceof ArrayNode && index >= 0) {
      return this.arrive(new ItemSlot(container, index, join(at, name)), depth);
    }
    if (slot !== undefined) blocked(slot, name, this.search.creates);
  }

  private matchedIndex(): string {
    if (this.search.hitIndex < 0) {
      throw new MongoFault(2, 'The positional operator did not find the match needed from the query.');
    }
    return String(this.search.hitIndex);
  }

  private throughItems(
    container: TreeNode,
    step: Extract<UpdateStep, { kind: 'items' }>,
    depth: number,
    at: string,
  ): void {
    if (!(container instanceof ArrayNode)) {
      throw new MongoFault(2, `Cannot apply array updates to non-array element ${at}: ${shortText(closed(container))}`);
    }
    const matches = step.filter === undefined ? undefined : this.search.arrayFilters.get(step.filter);
    for (let index = 0; index < container.items.length; index++) {
      const slot = new ItemSlot(container, index, join(at, String(index)));
      if (matches === undefined || (slot.node !== undefined && matches(closed(slot.node)))) this.arrive(slot, depth);
    }
  }

  /** The slot behind the step at `depth` is reached. */
  private arrive(slot: Slot, depth: number): void {
    const next = this.path.steps[depth + 1];
    if (next === undefined) return this.found(slot);
    if (slot.node === undefined) return this.intoMissing(slot, next, depth);
    const container = opened(slot.node);
    if (container instanceof Cell) {
      if (next.kind !== 'items') return blocked(slot, next.kind === 'name' ? next.text : '$', this.search.creates);
    } else {
      slot.set(container);
    }
    this.step(container, depth + 1, slot, slot.path);
  }

  private intoMissing(slot: Slot, next: UpdateStep, depth: number): void {
    if (next.kind === 'items') {
      throw new MongoFault(2, `The path '${slot.path}' must exist in the document in order to apply array updates.`);
    }
    if (!this.search.creates) return;
    const container = new DocumentNode();
    slot.set(container);
    this.step(container, depth + 1, slot, slot.path);
  }
}

/**
 * Finds the places an update path means in a document, opening what lies on the way.
 * @throws MongoFault 28 when a value that is no object or array is in the way
 */
export function findSlots(root: DocumentNode, path: UpdatePath, search: SlotSearch, found: (slot: Slot) => void): void {
  new SlotFinder(path, search, found).step(root, 0, undefined, '');
}
