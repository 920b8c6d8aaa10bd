import { type FieldRejection } from '@libs/eventsourcing';
import { type z } from 'zod';
import { customFault } from './custom-fault.js';
import { fieldFault } from './field-faults.js';

type Issue = z.core.$ZodIssue;

/** What a schema found wrong with `input`, as faults of its fields, told in both languages. */
export function faultsOf(issues: readonly Issue[], input: unknown): FieldRejection[] {
  return issues.flatMap((issue) => faults(issue, input));
}

function faults(issue: Issue, input: unknown): FieldRejection[] {
  const field = fieldName(issue.path);
  switch (issue.code) {
    case 'invalid_type':
      return [typeFault(field, issue.expected, valueAt(input, issue.path))];
    case 'unrecognized_keys':
      return issue.keys.map((key) => fieldFault(fieldName([...issue.path, key]), 'unknown_field'));
    case 'invalid_value':
      return [choiceFault(field, issue.values, valueAt(input, issue.path))];
    case 'too_small':
      return [fieldFault(field, SMALL[sizeOf(issue.origin)], { limit: issue.minimum })];
    case 'too_big':
      return [fieldFault(field, BIG[sizeOf(issue.origin)], { limit: issue.maximum })];
    case 'invalid_format':
      return [fieldFault(field, 'invalid_format')];
    case 'invalid_union':
      return unionFaults(issue, input);
    case 'custom':
      return [customFault(field, issue.params)];
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [fieldFault(field, 'invalid_value')];
  }
}

type Size = 'text' | 'list' | 'number';
const SMALL = { text: 'too_short', list: 'too_few', number: 'too_small' } as const;
const BIG = { text: 'too_long', list: 'too_many', number: 'too_large' } as const;

function sizeOf(origin: string): Size {
  if (origin === 'string') return 'text';
  return origin === 'array' || origin === 'set' ? 'list' : 'number';
}

function typeFault(field: string, expected: string, value: unknown): FieldRejection {
  return value === undefined ? fieldFault(field, 'required') : fieldFault(field, 'wrong_type', { expected });
}

function choiceFault(field: string, values: readonly unknown[], value: unknown): FieldRejection {
  return value === undefined
    ? fieldFault(field, 'required')
    : fieldFault(field, 'not_allowed', { values: choices(values) });
}

function choices(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

/** Of the alternatives, the one that the input comes closest to is told; telling all of them would only confuse. */
function unionFaults(issue: Extract<Issue, { code: 'invalid_union' }>, input: unknown): FieldRejection[] {
  const { discriminator, path } = issue;
  if (discriminator !== undefined) {
    const field = discriminatorPath(path, discriminator);
    return [choiceFault(fieldName(field), 'options' in issue ? (issue.options ?? []) : [], valueAt(input, field))];
  }
  const closest = issue.errors.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))[0];
  if (closest === undefined) return [fieldFault(fieldName(path), 'invalid_value')];
  return closest.flatMap((inner) => faults({ ...inner, path: [...path, ...inner.path] }, input));
}

/** Zod puts the discriminator's name at the end of the path; older issues only name it. */
function discriminatorPath(path: readonly PropertyKey[], discriminator: string): readonly PropertyKey[] {
  return path.at(-1) === discriminator ? path : [...path, discriminator];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

/** `a.b.0`; the input itself has the empty name. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
