import { APP_REFUSED, type GatewayFailure, type LoginRemedy } from '../../gateway.errors.js';

/** An error answer of the Microsoft identity platform, reduced to what decides (RFC 6749, 5.2, and Microsoft's own). */
export interface IdentityAnswer {
  readonly status: number;
  readonly error: string | null;
  readonly suberror: string | null;
  /** AADSTS numbers. "They may change": hints within what `error` says (reference-error-codes.md). */
  readonly numbers: readonly number[];
  readonly retryAfterMs: number | null;
}

/** `restart`: only this sign-in is spent (an authorization code used twice), nothing else is wrong. */
export type IdentityFault =
  | { readonly kind: 'remedy'; readonly remedy: LoginRemedy; readonly detail: string }
  | { readonly kind: 'restart'; readonly detail: string }
  | { readonly kind: 'app'; readonly detail: string }
  | { readonly kind: 'wait'; readonly retryAfterMs: number }
  | { readonly kind: 'transient'; readonly detail: string };

type Meaning = LoginRemedy | 'restart' | 'app' | 'transient' | 'loop';

const MEANINGS: Readonly<Record<Meaning, readonly number[]>> = {
  // Ended by disuse, by revocation or by a password reset; or a second factor is due.
  login_required: [700082, 50173, 50072, 50074, 50076, 50078, 50079, 50089, 135010],
  // The organisation's sign-in frequency: it will happen again, which its administrator should know.
  login_policy_recurs: [70043],
  consent_required: [65001, 65004],
  admin_consent_required: [90094, 90095, 90093],
  // Conditional access: only an exception for the app or the network helps.
  access_policy_blocks: [53003, 53000, 53001, 53002, 530035, 50131, 50005, 50158],
  account_disabled: [50057],
  account_password_expired: [50055, 50144],
  app_not_assigned: [50105],
  wrong_account: [50020, 50034, 16000],
  restart: [54005, 70000, 70008, 9002313],
  // HRBC's own registration or secret, or how a tenant knows the app.
  app: [7000215, 7000222, 700016, 7000218, 50194, 500011, 650052, 650056, 65005, 50011],
  loop: [50196],
  transient: [50033, 50087, 90033, 90006, 90014],
};

const BY_NUMBER: ReadonlyMap<number, Meaning> = new Map(
  Object.entries(MEANINGS).flatMap(([meaning, numbers]) =>
    numbers.map((number) => [number, meaning as Meaning] as const),
  ),
);

const BY_ERROR: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['invalid_request', 'app'],
  ['unsupported_grant_type', 'app'],
  ['invalid_scope', 'app'],
  ['invalid_resource', 'app'],
  ['consent_required', 'consent_required'],
  ['user_password_expired', 'account_password_expired'],
  ['temporarily_unavailable', 'transient'],
  ['server_error', 'transient'],
]);

const LOOP_PAUSE_MS = 5 * 60_000;
const PATIENCE_MS = 30_000;

/**
 * What an answer of the authorize or token endpoint means (pure). 429 and 5xx never end a connection, whatever the body
 * says: a token endpoint under load is no lost grant. Unknown refusals of a grant ask for a new sign-in, as Microsoft
 * advises for unknown `suberror`s.
 */
export function identityFault({ status, error, suberror, numbers, retryAfterMs }: IdentityAnswer): IdentityFault {
  if (status === 429) return { kind: 'wait', retryAfterMs: retryAfterMs ?? PATIENCE_MS };
  if (status >= 500 || status === 408) return { kind: 'transient', detail: `http_${status}` };
  const known = numbers.find((number) => BY_NUMBER.has(number));
  const detail = known === undefined ? (suberror ?? error ?? `http_${status}`) : `AADSTS${known}`;
  return faultOf(meaningOf(known, error, suberror), detail);
}

/** These outrank numbers: whoever meets them cannot mend them by signing in. */
const APP_ERRORS: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client']);

function meaningOf(known: number | undefined, error: string | null, suberror: string | null): Meaning {
  if (error === null) return 'transient';
  if (APP_ERRORS.has(error)) return 'app';
  const byNumber = known === undefined ? undefined : BY_NUMBER.get(known);
  return byNumber ?? BY_ERROR.get(suberror ?? '') ?? BY_ERROR.get(error) ?? 'login_required';
}

function faultOf(meaning: Meaning, detail: string): IdentityFault {
  switch (meaning) {
    case 'app':
      return { kind: 'app', detail };
    case 'restart':
      return { kind: 'restart', detail };
    case 'loop':
      return { kind: 'wait', retryAfterMs: LOOP_PAUSE_MS };
    case 'transient':
      return { kind: 'transient', detail };
    default:
      return { kind: 'remedy', remedy: meaning, detail };
  }
}

/** The same where a stored grant was to be refreshed: what is spent there needs a new sign-in. */
export function refreshFailure(fault: IdentityFault): GatewayFailure {
  switch (fault.kind) {
    case 'remedy':
      return { kind: 'AuthorizationLost', detail: fault.detail, remedy: fault.remedy };
    case 'restart':
      return { kind: 'AuthorizationLost', detail: fault.detail, remedy: 'login_required' };
    case 'app':
      return { kind: 'Rejected', code: APP_REFUSED };
    case 'wait':
      return { kind: 'RateLimited', retryAfterMs: fault.retryAfterMs };
    case 'transient':
      return { kind: 'Unavailable', detail: 'token_endpoint' };
  }
}
