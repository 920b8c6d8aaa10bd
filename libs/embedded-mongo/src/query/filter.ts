import type { Cell } from '../bson/cell.js';
import type { FieldPath } from '../bson/field-path.js';
import type { Expression } from '../expression/expression.js';

export type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';

/** A test of one value. */
export type ValueTest =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: Cell }
  | { readonly kind: 'in'; readonly values: readonly Cell[]; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'exists' }
  | { readonly kind: 'type'; readonly types: ReadonlySet<number> }
  | { readonly kind: 'mod'; readonly divisor: bigint; readonly remainder: bigint }
  | { readonly kind: 'regex'; readonly pattern: Pattern }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'someObject'; readonly filter: Filter }
  | { readonly kind: 'someValue'; readonly filter: Filter };

/** A regular expression, compiled, with the value it was written as. */
export interface Pattern {
  readonly source: Cell;
  readonly regexp: RegExp;
  /** What every match starts with, when the expression is anchored and starts with plain text. */
  readonly prefix: string | undefined;
}

/** A parsed filter document. `path` is undefined inside `$elemMatch` on plain values: the value itself is tested. */
export type Filter =
  | { readonly kind: 'and' | 'or' | 'nor'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'field'; readonly path: FieldPath | undefined; readonly test: ValueTest }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'never' };

/** The conditions which all must hold: the parts of nested ANDs in one list. */
export function conjuncts(filter: Filter): Filter[] {
  return filter.kind === 'and' ? filter.parts.flatMap(conjuncts) : [filter];
}

/** The filter that passes what all parts pass. */
export function allOf(parts: readonly Filter[]): Filter {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'and', parts };
}
