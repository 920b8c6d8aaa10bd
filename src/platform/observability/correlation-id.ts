import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

const ids = new WeakMap<IncomingMessage, string>();
const SANE = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,127}$/;

/**
 * The id that everything done for a request carries: in logs, events, problems and the answer's `X-Request-Id`.
 * The caller's own `X-Request-Id` where it is harmless text of 8 to 128 characters, else a new UUID. Always the
 * same for one request.
 */
export function correlationIdOf(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const offered = request.headers['x-request-id'];
  const id = typeof offered === 'string' && SANE.test(offered) ? offered : randomUUID();
  ids.set(request, id);
  return id;
}
