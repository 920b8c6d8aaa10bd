import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { rejectHttp } from '../problems/problems.errors.js';

/** The strong entity tag (RFC 9110, 8.8.3) of a resource at this revision. */
export function etagOf(revision: number | string): string {
  return `"${revision}"`;
}

/** `@IfMatch() ifMatch: string | null`: the header as sent. */
export const IfMatch = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | null =>
    context.switchToHttp().getRequest<Request>().headers['if-match'] ?? null,
);

/**
 * Rejects with `precondition_failed` when the caller has seen another revision. Without the header, and with `*` for
 * something that exists, anything goes; where there is nothing yet (`null`), no tag matches. Compares strongly (RFC 9110, 13.1.1): a weak tag never matches.
 */
export function checkIfMatch(ifMatch: string | null, revision: number | string | null): void {
  if (ifMatch === null) return;
  if (revision === null) throw rejectHttp('precondition_failed');
  if (ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(etagOf(revision))) throw rejectHttp('precondition_failed');
}
