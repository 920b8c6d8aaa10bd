import type { Cell } from '../bson/cell.js';
import { closed, DocumentNode } from '../bson/document-tree.js';
import { MongoFault } from '../mongo-fault.js';
import type { FieldPath } from '../bson/field-path.js';
import { areEqual } from '../bson/value-order.js';
import type { Filter } from '../query/filter.js';

/** The value a condition demands for its field, if it demands exactly one. */
function demanded(part: Filter): readonly [FieldPath, Cell] | undefined {
  if (part.kind !== 'field' || part.path === undefined) return undefined;
  const { test, path } = part;
  if (test.kind === 'compare' && test.operator === 'eq') return [path, test.value];
  const [only, ...others] = test.kind === 'in' ? test.values : [];
  return only !== undefined && others.length === 0 && test.kind === 'in' && test.patterns.length === 0
    ? [path, only]
    : undefined;
}

/** All equality conditions which every match fulfils: those under `$and`, and an `$or` with a single branch. */
function equalities(filter: Filter): (readonly [FieldPath, Cell])[] {
  if (filter.kind === 'and' || (filter.kind === 'or' && filter.parts.length === 1)) {
    return filter.parts.flatMap(equalities);
  }
  const found = demanded(filter);
  return found === undefined ? [] : [found];
}

function put(root: DocumentNode, path: FieldPath, value: Cell): void {
  let holder = root;
  path.steps.forEach(({ text }, depth) => {
    const existing = holder.fields.get(text);
    if (depth === path.steps.length - 1) {
      if (existing !== undefined)
        throw new MongoFault(54, `cannot infer query fields to set, path '${path.text}' is matched twice`);
      holder.fields.set(text, value);
    } else if (existing === undefined || existing instanceof DocumentNode) {
      const inner = existing ?? new DocumentNode();
      holder.fields.set(text, inner);
      holder = inner;
    } else {
      throw new MongoFault(54, `cannot infer query fields to set, both paths '${path.text}' and '${text}' are matched`);
    }
  });
}

/**
 * The document an upsert starts from: the fields which the filter demands to have one value (manual, "Upsert with
 * Operator Expressions").
 * @throws MongoFault 54 when the filter names a field twice
 */
export function equalityDocument(filter: Filter): Cell {
  const root = new DocumentNode();
  const seen = new Map<string, Cell>();
  for (const [path, value] of equalities(filter)) {
    const known = seen.get(path.text);
    if (known !== undefined && areEqual(known, value)) continue;
    seen.set(path.text, value);
    put(root, path, value);
  }
  return closed(root);
}
