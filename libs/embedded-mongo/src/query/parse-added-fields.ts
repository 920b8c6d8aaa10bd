import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, isEmpty } from '../bson/elements.js';
import { nonEmptyPath } from '../bson/field-path.js';
import { parseExpression } from '../expression/parse-expression.js';
import { MongoFault } from '../mongo-fault.js';
import { applyExclusion } from './apply-projection.js';
import { firstName } from './parse-predicate.js';
import { newBranch, plant, type Branch, type Projection } from './projection-tree.js';

function plantFields(root: Branch, prefix: string, spec: Cell): void {
  for (const [name, value] of entriesOf(spec)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (name.startsWith('$'))
      throw new MongoFault(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    const isNested = value.type === BsonType.object && !isEmpty(value) && !firstName(value).startsWith('$');
    if (isNested) plantFields(root, path, value);
    else plant(root, nonEmptyPath(path).steps, { kind: 'compute', expression: parseExpression(value) });
  }
}

/** Parses the argument of `$addFields` and `$set`: every value is an expression, numbers too. */
export function parseAddedFields(spec: Cell): Projection {
  const root = newBranch();
  plantFields(root, '', spec);
  return applyExclusion(root);
}
