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

/** Says once what every refusal looks like, and at each operation that it may answer with one. */
export function withProblems(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  (components.schemas ??= {})['Problem'] = problemSchema;
  (components.responses ??= {})['Problem'] = {
    description: 'Refused, or failed',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.put, path.post, path.delete, path.patch]) {
      if (operation !== undefined) operation.responses['default'] ??= { $ref: '#/components/responses/Problem' };
    }
  }
  return document;
}
