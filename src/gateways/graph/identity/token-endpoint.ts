import { identityAnswer } from './identity-answer.js';
import { type IdentityFault, identityFault } from './identity-fault.js';

/** What the token endpoint gave (v2-oauth2-auth-code-flow.md). */
export interface TokenSet {
  readonly accessToken: string;
  /** null: `offline_access` was not granted. */
  readonly refreshToken: string | null;
  readonly expiresAt: Date;
  /** Names without their resource: Microsoft returns them in another order and prefixed. */
  readonly scopes: readonly string[];
  readonly idToken: string | null;
}

/** HRBC's app at Microsoft (R17). */
export interface MicrosoftApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Refused, or out of reach. Carries no text of Microsoft's. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  constructor(readonly fault: IdentityFault) {
    super(fault.kind);
  }
}

const DEADLINE_MS = 20_000;

/**
 * Asks the token endpoint, once. The library that does the rest of the sign-in knows neither a time limit nor refreshing,
 * and drops the reason of a refusal.
 * @param form everything but the app's own id and secret
 * @throws IdentityError
 */
export async function requestTokens(
  url: string,
  { clientId, clientSecret }: MicrosoftApp,
  form: Readonly<Record<string, string>>,
  now = Date.now(),
): Promise<TokenSet> {
  const { status, body, retryAfter } = await post(url, { ...form, client_id: clientId, client_secret: clientSecret });
  if (status < 200 || status > 299) throw new IdentityError(identityFault(identityAnswer(status, body, retryAfter)));
  const tokens = tokenSet(body, now);
  if (tokens === null) throw new IdentityError({ kind: 'transient', detail: 'protocol_error' });
  return tokens;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
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
    const text = await response.text();
    return { status: response.status, body: parsed(text), retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const detail = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'connection_lost';
    throw new IdentityError({ kind: 'transient', detail });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's page, or half an answer: the status has to say what it means
  }
}

function tokenSet(body: unknown, now: number): TokenSet | null {
  const { access_token, refresh_token, expires_in, scope, id_token } = (body ?? {}) as Record<string, unknown>;
  if (typeof access_token !== 'string' || typeof expires_in !== 'number') return null;
  return {
    accessToken: access_token,
    refreshToken: typeof refresh_token === 'string' ? refresh_token : null,
    expiresAt: new Date(now + expires_in * 1_000),
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean).map(bareScope) : [],
    idToken: typeof id_token === 'string' ? id_token : null,
  };
}

/** `https://graph.microsoft.com/Mail.Send` → `Mail.Send`. */
export const bareScope = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);
