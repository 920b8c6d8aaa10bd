import { BsonType, typeName } from '../bson/bson-type.js';
import { BsonWriter } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { Elements, FieldName } from '../bson/elements.js';
import { newObjectId } from '../bson/object-id.js';
import { MongoFault } from '../mongo-fault.js';
import { MAX_DOCUMENT_SIZE } from '../update/parse-update.js';

const ID = new FieldName('_id');
const DOLLAR = 0x24;
const ID_TYPES_REFUSED: ReadonlySet<number> = new Set([BsonType.array, BsonType.regex]);

/** @throws MongoFault 53 for an `_id` that cannot be one */
export function checkId(id: Cell): void {
  if (ID_TYPES_REFUSED.has(id.type)) throw new MongoFault(53, `The '_id' value cannot be of type ${typeName(id.type)}`);
  if (id.type === BsonType.object) {
    const elements = new Elements(id);
    while (elements.next()) {
      if (elements.name.startsWith('$'))
        throw new MongoFault(
          52,
          `_id fields may not contain '$'-prefixed fields: ${elements.name} is not valid for storage.`,
        );
    }
  }
}

interface IdPlace {
  readonly start: number;
  readonly end: number;
  readonly isFirst: boolean;
}

/** Finds `_id` and checks what only a stored document must fulfil. */
function inspect(document: Cell): IdPlace | undefined {
  let place: IdPlace | undefined;
  const elements = new Elements(document);
  for (let position = 0; elements.next(); position++) {
    if (document.buffer[elements.nameStart] === DOLLAR) {
      throw new MongoFault(52, `Field names may not start with '$' here: '${elements.name}'`);
    }
    if (elements.type === BsonType.timestamp && elements.cell.toBigInt() === 0n) {
      throw new MongoFault(
        238,
        'the embedded server does not serve Timestamp(0, 0), which stands for the current time',
      );
    }
    if (!elements.nameIs(ID)) continue;
    if (place !== undefined) throw new MongoFault(2, "can't have multiple _id fields in one document");
    checkId(elements.cell);
    place = { start: elements.elementStart, end: elements.end, isFirst: position === 0 };
  }
  return place;
}

/**
 * The document as it is stored: with `_id`, made if missing, as its first field. Otherwise byte by byte as it came.
 * @throws MongoFault 2, 52, 53, and 10334 for a document that is too large
 */
export function prepareInsert(document: Cell): Cell {
  const size = document.end - document.start;
  if (size > MAX_DOCUMENT_SIZE) {
    throw new MongoFault(
      10334,
      `object to insert too large. size in bytes: ${String(size)}, max size: ${String(MAX_DOCUMENT_SIZE)}`,
    );
  }
  const place = inspect(document);
  if (place?.isFirst === true) return document;
  const writer = new BsonWriter().open();
  const { buffer, start, end } = document;
  if (place === undefined) {
    return writer
      .cell('_id', newObjectId())
      .raw(buffer, start + 4, end - 1)
      .close()
      .finishCell();
  }
  return writer
    .raw(buffer, place.start, place.end)
    .raw(buffer, start + 4, place.start)
    .raw(buffer, place.end, end - 1)
    .close()
    .finishCell();
}
