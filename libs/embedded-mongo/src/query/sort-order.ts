import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import type { KeyField } from '../store/index-keys.js';

/**
 * Reads a sort specification such as `{ a: 1, 'b.c': -1 }`.
 * @throws MongoFault 15975 for directions other than 1 and -1, 238 for `$meta`
 */
export function parseSort(spec: Cell): readonly KeyField[] {
  return entriesOf(spec).map(([name, direction]) => {
    if (direction.type === BsonType.object) refuse('$meta in a sort');
    const sign = direction.isNumber ? direction.toNumber() : 0;
    if (sign !== 1 && sign !== -1) {
      throw new MongoFault(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return { path: new FieldPath(name), descending: sign < 0 };
  });
}
