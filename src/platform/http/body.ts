import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

const digests = new WeakMap<IncomingMessage, string>();

/** RFC 9112, 6.3. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** For the body parsers, which hand over the bytes before they are parsed (`verify`). Needed for keyed requests only. */
export function rememberDigest(request: IncomingMessage, _response: unknown, bytes: Buffer): void {
  if (request.headers['idempotency-key'] === undefined) return;
  digests.set(request, createHash('sha256').update(bytes).digest('base64url'));
}

/** SHA-256 of the body as received; undefined when nobody has read it yet, empty when there is none. */
export function bodyDigestOf(request: IncomingMessage): string | undefined {
  return hasBody(request) ? digests.get(request) : '';
}
