import type { Cell } from '../bson/cell.js';
import type { Slot } from './slot.js';

/** What is the same for all operators of one update of one document. */
export interface UpdateContext {
  /** Whether the document is being inserted by an upsert. */
  readonly inserting: boolean;
  /** The document's `_id` as text, for messages. */
  readonly idText: string;
}

/** One operator with its argument, ready to be applied to the places its path means. */
export interface FieldOperator {
  /** Whether objects that are missing on the way are made. */
  readonly creates: boolean;
  /** Whether it does nothing to documents that are there already. */
  readonly onlyOnInsert?: boolean;
  apply(slot: Slot, context: UpdateContext): void;
}

/** Reads the argument of an operator for one path. */
export type FieldOperatorParser = (argument: Cell, path: string) => FieldOperator;
