import { MongoFault } from '../mongo-fault.js';
import type { ArrayFilters } from './array-filters.js';

const INDEX = /^(?:0|[1-9]\d*)$/;
const FILTERED = /^\$\[(.*)\]$/;

/** One step of an update path. */
export type UpdateStep =
  | { readonly kind: 'name'; readonly text: string; readonly index: number }
  | { readonly kind: 'matched' }
  | { readonly kind: 'items'; readonly filter: string | undefined; readonly text: string };

/** A path of an update operator: names, array positions, `$`, `$[]` and `$[identifier]`. */
export interface UpdatePath {
  readonly text: string;
  /** The text, cut at its dots. */
  readonly names: readonly string[];
  readonly steps: readonly UpdateStep[];
}

function parseStep(text: string, path: string, arrayFilters: ArrayFilters): UpdateStep {
  if (text === '')
    throw new MongoFault(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (text === '$') return { kind: 'matched' };
  const filter = FILTERED.exec(text)?.[1];
  if (filter !== undefined) {
    if (filter !== '' && !arrayFilters.has(filter)) {
      throw new MongoFault(2, `No array filter found for identifier '${filter}' in path '${path}'`);
    }
    return { kind: 'items', filter: filter === '' ? undefined : filter, text };
  }
  if (text.startsWith('$') && !/^\$(?:ref|id|db)$/.test(text)) {
    throw new MongoFault(
      52,
      `The dollar ($) prefixed field '${text}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  return { kind: 'name', text, index: INDEX.test(text) ? Number(text) : -1 };
}

/**
 * Parses the path of an update operator.
 * @throws MongoFault 2, 52, 56
 */
export function parseUpdatePath(text: string, arrayFilters: ArrayFilters): UpdatePath {
  const names = text.split('.');
  const steps = names.map((step) => parseStep(step, text, arrayFilters));
  if (steps[0]?.kind !== 'name') {
    throw new MongoFault(2, `Cannot have positional (i.e. '$') element in the first position in path '${text}'`);
  }
  return { text, names, steps };
}

/** The order in which MongoDB applies the paths of one update: by name, numbers by value. */
export function compareUpdatePaths(a: UpdatePath, b: UpdatePath): number {
  const [left, right] = [a.names, b.names];
  for (const [depth, step] of left.entries()) {
    const other = right[depth];
    if (other === undefined) return 1;
    if (step === other) continue;
    if (INDEX.test(step) && INDEX.test(other)) return Number(step) - Number(other);
    return step < other ? -1 : 1;
  }
  return left.length - right.length;
}

/**
 * Refuses two operators on one path, or on a path and one below it.
 * @throws MongoFault 40
 */
export function checkConflicts(paths: readonly string[]): void {
  const seen: string[] = [];
  for (const path of paths) {
    const other = seen.find((known) => `${path}.`.startsWith(`${known}.`) || `${known}.`.startsWith(`${path}.`));
    if (other !== undefined) {
      const shorter = other.length < path.length ? other : path;
      throw new MongoFault(40, `Updating the path '${path}' would create a conflict at '${shorter}'`);
    }
    seen.push(path);
  }
}
