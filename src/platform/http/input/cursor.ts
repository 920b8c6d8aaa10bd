import { type z } from 'zod';
import { rejectHttp } from '../problems/problems.errors.js';

/** A place in a list, opaque to the caller: JSON in base64url. Holds nothing the caller may not know. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that `after` stands for; null at the start of a list. Rejects with `cursor_invalid` what is none of ours. */
export function decodeCursor<Schema extends z.ZodType>(
  after: string | undefined,
  schema: Schema,
): z.output<Schema> | null {
  if (after === undefined) return null;
  const parsed = schema.safeParse(jsonIn(after));
  if (!parsed.success) throw rejectHttp('cursor_invalid', {}, { field: 'after' });
  return parsed.data;
}

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    throw rejectHttp('cursor_invalid', {}, { field: 'after' });
  }
}
