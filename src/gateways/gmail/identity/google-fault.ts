import type { GatewayFailure } from '../../gateway.errors.js';

/** An error answer of Google's token endpoint, reduced to what decides (RFC 6749, 5.2). */
export interface GoogleAnswer {
  readonly status: number;
  readonly error: string | null;
  /** `error_subtype`: invalid_rapt where the organisation's session policy wants a new sign-in. */
  readonly subtype: string | null;
  readonly retryAfterMs: number | null;
}

/**
 * `grant`: what the person gave is spent (an authorization code used twice, a refresh token that has died).
 * `app`: the company's own client is wrong, deleted or barred; nobody mends that by signing in.
 */
export type GoogleFault =
  | { readonly kind: 'grant'; readonly detail: string }
  | { readonly kind: 'session_policy' }
  | { readonly kind: 'app'; readonly code: GoogleAppFault }
  | { readonly kind: 'wait'; readonly retryAfterMs: number }
  | { readonly kind: 'transient'; readonly detail: string };

/** What is wrong with a company's client: `Rejected` with one of these concerns the company, not the person. */
export type GoogleAppFault = 'google_client_invalid' | 'google_client_deleted' | 'google_client_blocked';

const APP_FAULTS: ReadonlyMap<string, GoogleAppFault> = new Map<string, GoogleAppFault>([
  ['invalid_client', 'google_client_invalid'],
  ['unauthorized_client', 'google_client_invalid'],
  ['redirect_uri_mismatch', 'google_client_invalid'],
  ['deleted_client', 'google_client_deleted'],
  ['disabled_client', 'google_client_deleted'],
  ['org_internal', 'google_client_blocked'],
  ['admin_policy_enforced', 'google_client_blocked'],
]);

const PATIENCE_MS = 60_000;

/**
 * What an answer of the token endpoint means (pure). 429 and 5xx never end a connection, whatever the body says: a token
 * endpoint under load is no lost grant. Neither does what is not understood.
 */
export function googleFault({ status, error, subtype, retryAfterMs }: GoogleAnswer): GoogleFault {
  if (status === 429) return { kind: 'wait', retryAfterMs: retryAfterMs ?? PATIENCE_MS };
  if (status >= 500 || status === 408) return { kind: 'transient', detail: `http_${status}` };
  const app = APP_FAULTS.get(error ?? '');
  if (app) return { kind: 'app', code: app };
  if (error !== 'invalid_grant') return { kind: 'transient', detail: error ?? `http_${status}` };
  return subtype === 'invalid_rapt' ? { kind: 'session_policy' } : { kind: 'grant', detail: 'invalid_grant' };
}

/** What is known about a grant that has died. */
export interface GrantAge {
  /** Milliseconds since the person consented; null: not known. */
  readonly sinceConsent: number | null;
  /** Milliseconds since it was last used. */
  readonly sinceUse: number;
}

const DAY_MS = 86_400_000;
/** In Testing mode a grant ends after seven days to the second; it is noticed at the next refresh. */
const TESTING_ENDS = { from: 7 * DAY_MS, to: 8 * DAY_MS };
/** "Not used for six months" (developers.google.com/identity/protocols/oauth2#expiration). */
const UNUSED_MS = 180 * DAY_MS;

/**
 * A fault met while a stored grant was refreshed, as the closed set (pure). Google says of every dead grant the same
 * "expired or revoked"; the likely cause follows from its age.
 */
export function refreshFailure(fault: GoogleFault, age: GrantAge): GatewayFailure {
  switch (fault.kind) {
    case 'grant':
      return { kind: 'AuthorizationLost', detail: fault.detail, remedy: likelyCause(age) };
    case 'session_policy':
      return { kind: 'AuthorizationLost', detail: 'invalid_rapt', remedy: 'google_session_ended' };
    case 'app':
      return { kind: 'Rejected', code: fault.code };
    case 'wait':
      return { kind: 'RateLimited', retryAfterMs: fault.retryAfterMs };
    case 'transient':
      return { kind: 'Unavailable', detail: 'token_endpoint' };
  }
}

function likelyCause({ sinceConsent, sinceUse }: GrantAge) {
  if (sinceUse >= UNUSED_MS) return 'google_grant_unused';
  const isOfTesting = sinceConsent !== null && sinceConsent >= TESTING_ENDS.from && sinceConsent < TESTING_ENDS.to;
  return isOfTesting ? 'google_testing_ended' : 'google_grant_ended';
}
