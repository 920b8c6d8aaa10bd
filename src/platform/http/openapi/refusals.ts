import { type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE } from '../problems/problem.js';

const problemSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is stable; docs/errors.md says what each means and who can fix it.',
  required: ['type', 'title', 'status', 'detail', 'code', 'fixableBy', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: {
      type: 'string',
      description: 'For the person who reads it; Japanese, or English as Accept-Language asks',
    },
    code: { type: 'string', pattern: '^[a-z0-9_]+$' },
    fixableBy: { type: 'string', enum: ['user', 'admin', 'service'] },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'detail'],
        properties: { field: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};

/**
 * Says once what every refusal looks like, at each operation that it may answer with one, and of public operations
 * (marked by `@Public()`) that they want no token.
 */
export function withRefusals(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  (components.schemas ??= {})['Problem'] = problemSchema;
  (components.responses ??= {})['Problem'] = {
    description: 'Refused, or failed',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const operation of operationsOf(document)) {
    operation.responses['default'] ??= { $ref: '#/components/responses/Problem' };
    if (operation['x-public'] === true) operation.security = [];
    delete operation['x-public'];
  }
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-public'?: unknown };

function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.values(document.paths)
    .flatMap(({ get, put, post, patch, delete: remove }) => [get, put, post, patch, remove])
    .filter((operation) => operation !== undefined);
}
