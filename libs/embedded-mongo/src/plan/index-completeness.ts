import { BsonType } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { valueKey } from '../bson/key-encoding.js';
import { conjuncts, type Filter } from '../query/filter.js';
import { compileFilter } from '../query/matcher.js';
import type { StoredIndex } from '../store/stored-index.js';

/** Operands with which a comparison can pass for a missing field. */
const MATCHES_MISSING: ReadonlySet<number> = new Set([BsonType.null, BsonType.minKey, BsonType.maxKey]);

/** A comparison with a value that is not null: it needs the field to be there. */
function needsPresence(part: Filter): boolean {
  if (part.kind === 'or') return part.parts.length > 0 && part.parts.every(needsPresence);
  if (part.kind === 'and') return part.parts.some(needsPresence);
  if (part.kind !== 'field') return false;
  const { test } = part;
  if (test.kind === 'compare') return !MATCHES_MISSING.has(test.value.type);
  if (test.kind === 'in') return test.values.every(({ type }) => type !== BsonType.null);
  return true; // exists, type, regex, mod, size and $elemMatch never pass for a missing field
}

/** A fingerprint by which equal conditions are recognised. */
function fingerprint(part: Filter): string | undefined {
  if (part.kind !== 'field' || part.path === undefined) return undefined;
  const { test } = part;
  if (test.kind === 'compare') return `${part.path.text}\0${test.operator}\0${valueKey(test.value)}`;
  if (test.kind === 'exists') return `${part.path.text}\0exists`;
  return undefined;
}

const nested = (name: string, value: Cell): Cell =>
  name.split('.').reduceRight((inner, step) => documentOf([[step, inner]]), value);

/** Whether a document that passes the query surely passes one condition of a partial index. */
function implies(query: readonly Filter[], condition: Filter): boolean {
  const wanted = fingerprint(condition);
  if (condition.kind !== 'field' || condition.path === undefined) return false;
  const { text } = condition.path;
  const onSamePath = query.filter((part) => part.kind === 'field' && part.path?.text === text);
  if (wanted !== undefined && onSamePath.some((part) => fingerprint(part) === wanted)) return true;
  if (condition.test.kind === 'exists') return onSamePath.some(needsPresence);
  const passes = compileFilter(condition);
  return onSamePath.some(
    (part) =>
      part.kind === 'field' &&
      part.test.kind === 'compare' &&
      part.test.operator === 'eq' &&
      part.test.value.type !== BsonType.null &&
      passes(nested(text, part.test.value)),
  );
}

/**
 * Whether an index holds every document that can pass the filter: a sparse or partial index leaves documents out, and
 * may only be used when the filter leaves them out too.
 */
export function holdsAllMatches(index: StoredIndex, filter: Filter): boolean {
  const parts = conjuncts(filter);
  if (index.definition.sparse) {
    const paths = new Set(index.definition.fields.map(({ path }) => path.text));
    return parts.some(
      (part) => part.kind === 'field' && part.path !== undefined && paths.has(part.path.text) && needsPresence(part),
    );
  }
  const { partial } = index.definition;
  return partial === undefined || conjuncts(partial.filter).every((condition) => implies(parts, condition));
}
