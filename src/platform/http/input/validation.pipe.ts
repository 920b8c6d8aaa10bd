import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type FieldRejection, Rejection } from '@libs/eventsourcing';
import { z } from 'zod';
import { httpErrors, rejectHttp } from '../problems/problems.errors.js';
import { faultsOf } from './issue-mapper.js';
import { unsafeTexts } from './unsafe-text.js';

const INPUTS: readonly ArgumentMetadata['type'][] = ['body', 'query', 'param'];

/**
 * Global: checks what `@Body({ schema })`, `@Query({ schema })` and `@Param('id', { schema })` name and hands over
 * what the schema makes of it. Faults become one 422 `validation_failed` that lists them all by field.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, schema, data }: ArgumentMetadata): Promise<unknown> {
    if (!INPUTS.includes(type)) return value;
    const named = (faults: readonly FieldRejection[]) =>
      faults.map((fault) => ({ ...fault, field: fault.field || (data ?? '') }));
    refuse(named(unsafeTexts(value)));
    if (schema === undefined) return value;
    if (!(schema instanceof z.ZodType)) throw new Error('Schemas of routes are zod schemas.');
    const input = type === 'body' ? bodyObject(value) : value;
    const result = await schema.safeParseAsync(input);
    if (!result.success) refuse(named(faultsOf(result.error.issues, input)));
    return result.data;
  }
}

/** A request without a body says the same as one with an empty object; anything else but an object is malformed. */
function bodyObject(value: unknown): object {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw rejectHttp('body_not_object');
  return value;
}

function refuse(faults: readonly FieldRejection[]): void {
  if (faults.length > 0) throw validationFailed(faults);
}

/** How much is told: a small body can have hundreds of thousands of faults, each with a name as long as the body. */
const MAX_FAULTS = 100;
const MAX_NAME = 200;

/** 422 `validation_failed` with these faults, or the first hundred of them; for checks that no schema can make. */
export function validationFailed(faults: readonly FieldRejection[]): Rejection {
  const told = faults.slice(0, MAX_FAULTS).map((fault) => ({ ...fault, field: fault.field.slice(0, MAX_NAME) }));
  return new Rejection('validation_failed', httpErrors.validation_failed, { count: faults.length }, told);
}
