import { safeError } from './safe-error.js';

/** Names under which something secret, or the content of mail, may stand. */
export const SECRET_NAMES: readonly string[] = [
  ['authorization', 'cookie', 'setCookie', 'password', 'passwd', 'pass', 'secret', 'clientSecret', 'credential'],
  ['credentials', 'credentialKeys', 'key', 'keys', 'privateKey', 'token', 'accessToken', 'refreshToken', 'idToken'],
  ['codeVerifier', 'assertion', 'sealed', 'plaintext'],
  ['subject', 'text', 'html', 'body', 'preview', 'source', 'raw', 'content', 'contentBase64', 'attachments'],
  ['q', 'query', 'querystring', 'search'],
].flat();

/** Compared without case, `-` and `_`. */
const bare = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');
const SECRET = new Set(SECRET_NAMES.map(bare));
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
export const REDACTED = '[redacted]';

/**
 * A copy of what somebody wants to log without what must not be there. By the names of members, at any depth: a new
 * log line is safe without anybody remembering to make it so.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return safeError(value);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redacted(item, depth + 1));
  return redactedMembers(value, depth);
}

export function redactedMembers(value: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      isSecret(name) ? REDACTED : redacted(inner, depth + 1),
    ]),
  );
}

function isSecret(name: string): boolean {
  return SECRET.has(bare(name));
}
