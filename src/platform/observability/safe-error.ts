/** An error as it may be logged. */
export interface SafeError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: SafeError;
}

const MAX_CAUSES = 3;
const MAX_MESSAGE = 1_000;

/**
 * Name, message, code and stack, and nothing else: HTTP clients hang the whole request with its token on `config`,
 * `request` and `response`, IMAP clients the command. Messages are other people's too, so what looks like a secret
 * is taken out of them.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { name: typeof error, message: scrubbed(String(error)) };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: scrubbed(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: framesOf(error.stack) }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: safeError(error.cause, depth + 1) }),
  };
}

/** A stack repeats the message above its frames; only the frames are kept. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // User and password in a URL (RFC 3986, 3.2.1)
  [/(\w:\/\/)[^\s/@]+@/g, '$1[redacted]@'],
  [/\b(Bearer|Basic|XOAUTH2)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/\b(\w*(?:password|passwd|secret|token|code|assertion))(["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi, '$1$2[redacted]'],
];

/** Opaque strings as long as keys and tokens are. What holds a UUID is a name of ours: a stream, a document's id. */
const OPAQUE = /[\w+=~-]{40,}/g;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** A text without what looks like a password, a token or a key. */
export function scrubbed(text: string): string {
  return PATTERNS.reduce((cleaned, [pattern, instead]) => cleaned.replaceAll(pattern, instead), text)
    .replaceAll(OPAQUE, (found) => (UUID.test(found) ? found : '[redacted]'))
    .slice(0, MAX_MESSAGE);
}
