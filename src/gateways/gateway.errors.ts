/**
 * The closed set to which gateways reduce every failure of a mail system. One policy decides on it: retry when,
 * reset, ask the user, tell the admin. Provider texts stay out of `message`: libraries put tokens into them.
 */
export type GatewayFailure =
  | { readonly kind: 'AuthorizationLost'; readonly detail: string; readonly remedy?: LoginRemedy | GoogleGrantEnd }
  | { readonly kind: 'PermissionMissing'; readonly permission: string }
  /** `paced`: our own budget is used up and nobody refused anything; the mailbox goes on in its next turn. */
  | { readonly kind: 'RateLimited'; readonly retryAfterMs: number; readonly paced?: true }
  | { readonly kind: 'Unavailable'; readonly detail: string }
  | { readonly kind: 'CursorInvalid'; readonly reason: string }
  | { readonly kind: 'MailboxNotSupported'; readonly detail: string }
  | { readonly kind: 'Rejected'; readonly code: string }
  | { readonly kind: 'MessageUnreadable'; readonly locator: string; readonly detail: string }
  | { readonly kind: 'Unknown'; readonly detail: string };

/**
 * What the provider itself says has to be done before it gives access again. Where it does, asking again gains nothing;
 * where it does not, the login was refused and may have been refused by mistake.
 */
export type LoginRemedy =
  | 'login_required'
  | 'login_policy_recurs'
  | 'consent_required'
  | 'admin_consent_required'
  | 'access_policy_blocks'
  | 'account_disabled'
  | 'account_password_expired'
  | 'app_not_assigned'
  | 'wrong_account';

/** Why a grant of Google's has died, as far as its age tells: it never comes back, and a new consent is needed. */
export type GoogleGrantEnd =
  | 'google_grant_ended'
  | 'google_testing_ended'
  | 'google_grant_unused'
  | 'google_session_ended'
  | 'google_client_changed';

/** `Rejected` with this code: the provider refuses HRBC's own app, not the person. One fault, whoever meets it. */
export const APP_REFUSED = 'oauth_app_refused';

/** The only error a gateway throws. `detail` texts are ours: short, in English, free of secrets and mail content. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  constructor(readonly failure: GatewayFailure) {
    super(failure.kind);
  }
}
