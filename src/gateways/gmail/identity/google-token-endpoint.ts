import { type GoogleFault, googleFault } from './google-fault.js';

/** What the token endpoint gave (developers.google.com/identity/protocols/oauth2/web-server). */
export interface GoogleTokens {
  readonly accessToken: string;
  /** null: none was given; the one that is there stays good (RFC 6749, 6). */
  readonly refreshToken: string | null;
  readonly expiresAt: Date;
  /** Those that were granted, which may be fewer than were asked for. */
  readonly scopes: readonly string[];
  readonly idToken: string | null;
}

/** A company's own client at Google (R16). */
export interface GoogleClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Refused, or out of reach. Carries no text of Google's. */
export class GoogleIdentityError extends Error {
  override readonly name = 'GoogleIdentityError';
  constructor(readonly fault: GoogleFault) {
    super(fault.kind);
  }
}

const DEADLINE_MS = 20_000;

/**
 * Asks the token endpoint, once. The libraries that could do it know no time limit (oauth), repeat POSTs (gaxios), or
 * put tokens into the errors they throw.
 * @param form everything but the client's own id and secret
 * @throws GoogleIdentityError
 */
export async function requestGoogleTokens(
  url: string,
  { clientId, clientSecret }: GoogleClient,
  form: Readonly<Record<string, string>>,
  now = Date.now(),
): Promise<GoogleTokens> {
  const { status, body, retryAfterMs } = await post(url, { ...form, client_id: clientId, client_secret: clientSecret });
  if (status < 200 || status > 299) {
    const { error, error_subtype: subtype } = body;
    throw new GoogleIdentityError(googleFault({ status, error: text(error), subtype: text(subtype), retryAfterMs }));
  }
  const { access_token: accessToken, expires_in: expiresIn, scope } = body;
  if (typeof accessToken !== 'string' || typeof expiresIn !== 'number') throw transient('protocol_error');
  return {
    accessToken,
    refreshToken: text(body['refresh_token']),
    expiresAt: new Date(now + expiresIn * 1_000),
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    idToken: text(body['id_token']),
  };
}

/**
 * Gives a grant back (RFC 7009, 2.1). That it is gone already is as well: Google then answers `invalid_token`.
 * @throws GoogleIdentityError
 */
export async function revokeGoogleToken(url: string, token: string): Promise<void> {
  const { status, body } = await post(url, { token });
  if (status > 299 && body['error'] !== 'invalid_token') throw transient(`http_${status}`);
}

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | null;
}

async function post(url: string, form: Readonly<Record<string, string>>): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      // A redirect of a POST with a secret in it is followed nowhere.
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const retryAfter = response.headers.get('retry-after') ?? '';
    const retryAfterMs = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : null;
    return { status: response.status, body: parsed(await response.text()), retryAfterMs };
  } catch (error) {
    throw transient(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'connection_lost');
  }
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(json);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {}; // a proxy's page, or half an answer: the status has to say what it means
  }
}

const transient = (detail: string): GoogleIdentityError => new GoogleIdentityError({ kind: 'transient', detail });
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
