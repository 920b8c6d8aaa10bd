import { BsonType } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { Elements, entriesOf, FieldName, fieldOf, isEmpty, itemsOf } from '../bson/elements.js';
import { newObjectId } from '../bson/object-id.js';
import { shortText } from '../bson/to-text.js';
import { areEqual } from '../bson/value-order.js';
import { MongoFault } from '../mongo-fault.js';
import type { Filter } from '../query/filter.js';
import { parseUpdatePipeline } from '../aggregate/update-pipeline.js';
import { parseArrayFilters } from './array-filters.js';
import { type DocumentChange, parseModifiers } from './modifiers.js';
import { equalityDocument } from './upsert-base.js';

const ID = new FieldName('_id');
/** MongoDB's limit for a stored document: 16 mebibytes. */
export const MAX_DOCUMENT_SIZE = 16 * 1024 * 1024;

/** An update, ready to be applied to documents. */
export interface Update {
  readonly kind: 'replacement' | 'modifiers' | 'pipeline';
  /**
   * The document as it is to be stored.
   * @param hitIndex the array item which `$` stands for, or -1
   * @throws MongoFault 66 when it would change `_id`, 10334 when the result is too large, and those of the operators
   */
  apply(document: Cell, hitIndex: number): Cell;
  /** The document an upsert inserts when nothing matched. */
  insertion(filter: Filter): Cell;
}

function checkReplacement(update: Cell): void {
  const elements = new Elements(update);
  while (elements.next()) {
    const { name } = elements;
    if (name.startsWith('$')) {
      throw new MongoFault(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
    }
  }
}

/** The replacement with the `_id` that stays, in front. */
function withId(id: Cell | undefined, replacement: Cell): Cell {
  const own = fieldOf(replacement, ID);
  const fields = entriesOf(replacement).filter(([name]) => name !== '_id');
  return documentOf([['_id', own ?? id], ...fields]);
}

function checkResult(before: Cell | undefined, after: Cell): Cell {
  const [oldId, newId] = [before && fieldOf(before, ID), fieldOf(after, ID)];
  if (before !== undefined && !(newId !== undefined && areEqual(oldId, newId))) {
    throw new MongoFault(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
  }
  if (after.end - after.start > MAX_DOCUMENT_SIZE) {
    throw new MongoFault(17419, `Resulting document after update is larger than ${String(MAX_DOCUMENT_SIZE)}`);
  }
  return after;
}

/** `_id` in front, made when there is none; for documents an upsert inserts. */
function completed(document: Cell): Cell {
  return withId(newObjectId(), document);
}

function replacement(update: Cell): Update {
  checkReplacement(update);
  return {
    kind: 'replacement',
    apply: (document) => {
      const after = withId(fieldOf(document, ID), update);
      const given = fieldOf(update, ID);
      if (given !== undefined && !areEqual(given, fieldOf(document, ID))) {
        throw new MongoFault(
          66,
          `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shortText(given)}`,
        );
      }
      return checkResult(document, after);
    },
    insertion: (filter) => checkResult(undefined, completed(withId(fieldOf(equalityDocument(filter), ID), update))),
  };
}

function changing(kind: 'modifiers' | 'pipeline', change: DocumentChange): Update {
  return {
    kind,
    apply: (document, hitIndex) => checkResult(document, change(document, hitIndex, false)),
    insertion: (filter) => {
      const base = equalityDocument(filter);
      const result = change(base, -1, true);
      const baseId = fieldOf(base, ID);
      if (baseId !== undefined && !areEqual(baseId, fieldOf(result, ID))) {
        throw new MongoFault(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
      }
      return checkResult(undefined, completed(result));
    },
  };
}

/**
 * Parses the `u` of an update or the `update` of findAndModify: operators, a whole document, or a pipeline.
 * @throws MongoFault with MongoDB's codes; see the parsers
 */
export function parseUpdate(update: Cell, arrayFilterSource?: Cell): Update {
  const arrayFilters = parseArrayFilters(arrayFilterSource);
  if (update.type === BsonType.array) {
    if (arrayFilters.size > 0) throw new MongoFault(9, 'arrayFilters may not be specified for pipeline-syle updates');
    return changing('pipeline', parseUpdatePipeline(itemsOf(update)));
  }
  if (update.type !== BsonType.object) throw new MongoFault(9, 'Update argument must be either an object or an array');
  const isModifiers = !isEmpty(update) && (entriesOf(update)[0]?.[0] ?? '').startsWith('$');
  if (isModifiers) return changing('modifiers', parseModifiers(update, arrayFilters));
  if (arrayFilters.size > 0) throw new MongoFault(9, 'arrayFilters may not be specified for replacement updates');
  return replacement(update);
}
