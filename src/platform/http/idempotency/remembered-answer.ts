import { StreamableFile } from '@nestjs/common';
import { type BilingualText, type FieldRejection, Rejection, type RejectionDefinition } from '@libs/eventsourcing';
import { type Response } from 'express';

/** An answer as it is kept for a repeat: plain JSON, and refusals in both languages. */
export type RememberedAnswer =
  | {
      readonly kind: 'result';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | {
      readonly kind: 'refusal';
      readonly code: string;
      readonly definition: Omit<RejectionDefinition, 'detail'>;
      readonly detail: BilingualText;
      readonly fields: readonly FieldRejection[];
      readonly extensions: Readonly<Record<string, unknown>>;
    };

const KEPT_HEADERS = ['location', 'etag'];

/** What a handler's success becomes; null when it is none that can be repeated. */
export function resultToRemember(body: unknown, response: Response): RememberedAnswer | null {
  const { statusCode: status } = response;
  if (status < 200 || status > 299 || response.headersSent || body instanceof StreamableFile) return null;
  const headers = KEPT_HEADERS.map((name) => [name, response.getHeader(name)] as const);
  return {
    kind: 'result',
    status,
    headers: Object.fromEntries(headers.filter((header): header is [string, string] => typeof header[1] === 'string')),
    body: body ?? null,
  };
}

/**
 * What a refusal becomes: only a decision on this very request (409, 422) is worth repeating. Everything else, such
 * as a missing permission or too many requests, may come out otherwise next time.
 */
export function refusalToRemember(refusal: Rejection): RememberedAnswer | null {
  const { kind, fixableBy, title } = refusal.definition;
  if (kind !== 'conflict' && kind !== 'invalid') return null;
  const { code, detail, fields, extensions } = refusal;
  return { kind: 'refusal', code, definition: { kind, fixableBy, title }, detail, fields, extensions };
}

/** Whether an error says that nothing was done. A failure may have come after an effect. */
export function isRefusal(error: unknown): error is Rejection {
  return error instanceof Rejection && error.definition.kind !== 'unavailable' && error.definition.kind !== 'internal';
}

/** Gives the remembered answer again: returns the body, or throws the refusal. */
export function replay(answer: RememberedAnswer, response: Response): unknown {
  response.setHeader('Idempotency-Replayed', 'true');
  if (answer.kind === 'refusal') {
    const { code, definition, detail, fields, extensions } = answer;
    throw new Rejection(code, { ...definition, detail: () => detail }, {}, fields, extensions);
  }
  response.status(answer.status).set(answer.headers);
  return answer.body ?? undefined;
}
