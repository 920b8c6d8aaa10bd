import { z } from 'zod';
import { documentedAs } from '../openapi/documented-schema.js';

/** A whole number in a URL. */
export function queryInteger(min: number, max: number, otherwise: number) {
  const parsed = z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .prefault(String(otherwise));
  return documentedAs(parsed, { type: 'integer', minimum: min, maximum: max, default: otherwise });
}
