import { type FixableBy, type Rejection, type RejectionKind } from '@libs/eventsourcing';
import { type Language } from './language.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** RFC 9457, with what the contract adds to it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable and in snake_case; docs/errors.md says what it means. */
  readonly code: string;
  readonly fixableBy: FixableBy;
  /** Finds the request in the service's logs and events. */
  readonly requestId: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly detail: string }[];
}

/** The only place that knows which status a refusal means. */
const STATUS: Readonly<Record<RejectionKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media: 415,
  invalid: 422,
  too_many: 429,
  internal: 500,
  unavailable: 503,
};

export function statusOf(kind: RejectionKind): number {
  return STATUS[kind];
}

/** A refusal as the caller gets to read it. The rejection's extensions become members of their own (RFC 9457, 3.2). */
export function problemOf(rejection: Rejection, language: Language, requestId: string): Problem {
  const { code, definition, detail, fields, extensions } = rejection;
  const errors = fields.map((fault) => ({ field: fault.field, code: fault.code, detail: fault.detail[language] }));
  return {
    ...extensions,
    type: `urn:hrbc-mail:problem:${code}`,
    title: definition.title[language],
    status: STATUS[definition.kind],
    detail: detail[language],
    code,
    fixableBy: definition.fixableBy,
    requestId,
    ...(errors.length > 0 && { errors }),
  };
}

/** The headers that belong to some refusals. */
export function problemHeaders({ code, definition, params }: Rejection): Readonly<Record<string, string>> {
  switch (definition.kind) {
    case 'unauthenticated':
      // RFC 6750, 3: no error is named where no token was sent.
      return {
        'WWW-Authenticate':
          code === 'token_missing' ? 'Bearer' : `Bearer error="invalid_token", error_description="${code}"`,
      };
    case 'too_many':
      return { 'Retry-After': seconds(params['retryAfterSeconds'], 60) };
    case 'unavailable':
      return { 'Retry-After': seconds(params['retryAfterSeconds'], 5) };
    default:
      return params['retryAfterSeconds'] === undefined
        ? {}
        : { 'Retry-After': seconds(params['retryAfterSeconds'], 5) };
  }
}

function seconds(value: unknown, otherwise: number): string {
  return String(typeof value === 'number' && value > 0 ? Math.ceil(value) : otherwise);
}
