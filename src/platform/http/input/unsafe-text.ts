import { type FieldRejection } from '@libs/eventsourcing';
import { fieldFault } from './field-faults.js';

/**
 * The strings in an input that no field may hold: with NUL, which C code in databases and mail servers takes for the
 * end, or with half a surrogate pair, which has no UTF-8 form and comes back as another character. `__proto__` as a
 * name is refused too. Walks with a stack of its own, so that deep nesting cannot exhaust the call stack.
 */
export function unsafeTexts(input: unknown): FieldRejection[] {
  const found: FieldRejection[] = [];
  const waiting: { readonly field: string; readonly value: unknown }[] = [{ field: '', value: input }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { field, value } = next;
    if (typeof value === 'string' && isUnsafe(value)) found.push(fieldFault(field, 'invalid_characters'));
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      const path = field === '' ? name : `${field}.${name}`;
      if (name === '__proto__' || isUnsafe(name)) found.push(fieldFault(path.toWellFormed(), 'unknown_field'));
      else waiting.push({ field: path, value: inner });
    }
  }
  return found;
}

function isUnsafe(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
