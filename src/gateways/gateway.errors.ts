/**
 * The closed set to which gateways reduce every failure of a mail system. One policy decides on it: retry when,
 * reset, ask the user, tell the admin. Provider texts stay out of `message`: libraries put tokens into them.
 */
export type GatewayFailure =
  | { readonly kind: 'AuthorizationLost'; readonly detail: string }
  | { readonly kind: 'PermissionMissing'; readonly permission: string }
  | { readonly kind: 'RateLimited'; readonly retryAfterMs: number }
  | { readonly kind: 'Unavailable'; readonly detail: string }
  | { readonly kind: 'CursorInvalid'; readonly reason: string }
  | { readonly kind: 'MailboxNotSupported'; readonly detail: string }
  | { readonly kind: 'Rejected'; readonly code: string }
  | { readonly kind: 'MessageUnreadable'; readonly locator: string; readonly detail: string }
  | { readonly kind: 'Unknown'; readonly detail: string };

/** The only error a gateway throws. `detail` texts are ours: short, in English, free of secrets and mail content. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  constructor(readonly failure: GatewayFailure) {
    super(failure.kind);
  }
}
