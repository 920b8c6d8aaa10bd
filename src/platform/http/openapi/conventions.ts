import { type OpenAPIObject } from '@nestjs/swagger';
import { BODIES, type DocumentedBodies } from './documented-body.js';
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

/** The headers that belong to methods and not to single operations. */
const headers = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Same key and same body: same answer, and no second effect. Kept for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The ETag that was read: 412 when it has been changed since.',
    schema: { type: 'string' },
  },
} as const;

/**
 * Says once what every refusal looks like and what the common headers mean, refers to both at each operation, and
 * says of public operations (marked by `@Public()`) that they want no token.
 */
export function withConventions(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  const schemas = (components.schemas ??= {});
  schemas['Problem'] = problemSchema;
  (components.responses ??= {})['Problem'] = {
    description: 'Refused, or failed',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  components.parameters = { ...components.parameters, ...headers };
  for (const path of Object.values(document.paths)) {
    for (const method of ['get', 'put', 'post', 'patch', 'delete'] as const) {
      if (path[method] === undefined) continue;
      Object.assign(schemas, takeInBodies(path[method]));
      complete(path[method], method);
    }
  }
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  'x-public'?: unknown;
  [BODIES]?: DocumentedBodies;
};

function complete(operation: Operation, method: string): void {
  const isPublic = operation['x-public'] === true;
  delete operation['x-public'];
  operation.responses['default'] ??= { $ref: '#/components/responses/Problem' };
  if (isPublic) operation.security = [];
  else if (method === 'post') refer(operation, 'IdempotencyKey');
  else if (method !== 'get') refer(operation, 'IfMatch');
}

/** Puts in place what a route says of its bodies by itself, and answers the schemas that these refer to. */
function takeInBodies(operation: Operation): object {
  const bodies = operation[BODIES];
  delete operation[BODIES];
  if (bodies === undefined) return {};
  const content = Object.fromEntries(Object.entries(bodies).map(([type, { schema }]) => [type, { schema }]));
  operation.requestBody = { required: true, content };
  return Object.assign({}, ...Object.values(bodies).map(({ components }) => components)) as object;
}

function refer(operation: Operation, header: keyof typeof headers): void {
  (operation.parameters ??= []).push({ $ref: `#/components/parameters/${header}` });
}
