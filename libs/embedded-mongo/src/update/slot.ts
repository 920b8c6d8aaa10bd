import { type ArrayNode, closed, type DocumentNode, type TreeNode } from '../bson/document-tree.js';
import type { Cell } from '../bson/cell.js';
import { NULL } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';

/** MongoDB's limit for filling an array up to a position that is set. */
const MAX_BACKFILL = 1_500_000;

/** The place in a document which an update operator works on. */
export interface Slot {
  /** The path, for messages. */
  readonly path: string;
  readonly node: TreeNode | undefined;
  set(node: TreeNode): void;
  /** Removes a field; an array item becomes null, so that the others keep their positions. */
  clear(): void;
}

/** The value of a slot, or undefined when there is none. */
export const valueOf = (slot: Slot): Cell | undefined => (slot.node === undefined ? undefined : closed(slot.node));

export class FieldSlot implements Slot {
  constructor(
    private readonly document: DocumentNode,
    private readonly name: string,
    readonly path: string,
  ) {}

  get node(): TreeNode | undefined {
    return this.document.fields.get(this.name);
  }

  set(node: TreeNode): void {
    this.document.fields.set(this.name, node);
  }

  clear(): void {
    this.document.fields.delete(this.name);
  }
}

export class ItemSlot implements Slot {
  constructor(
    private readonly array: ArrayNode,
    private readonly index: number,
    readonly path: string,
  ) {}

  get node(): TreeNode | undefined {
    return this.array.items[this.index];
  }

  set(node: TreeNode): void {
    const { items } = this.array;
    if (this.index - items.length > MAX_BACKFILL) {
      throw new MongoFault(2, `can't backfill more than ${String(MAX_BACKFILL)} elements`);
    }
    while (items.length < this.index) items.push(NULL);
    items[this.index] = node;
  }

  clear(): void {
    if (this.index < this.array.items.length) this.array.items[this.index] = NULL;
  }
}
