import { GatewayError, type GatewayFailure } from '../gateway.errors.js';
import { errorCode, networkFailure } from '../network-failure.js';

/** What imapflow 2.1 hangs on its errors; everything is optional, and the texts are the server's. */
interface ImapFlowError extends Error {
  readonly code?: string;
  readonly authenticationFailed?: boolean;
  /** The response code of a refused login, as AUTHENTICATIONFAILED. */
  readonly serverResponseCode?: string;
  readonly responseStatus?: 'NO' | 'BAD';
  readonly responseText?: string;
  /** The parsed response line; its first attribute holds the response code. */
  readonly response?: unknown;
  /** The text of the server's BYE. */
  readonly reason?: string;
  /** Milliseconds that Exchange Online wants to be left alone. */
  readonly throttleReset?: number;
}

/** When a server says "later" without saying when. */
export const DEFAULT_RETRY_MS = 5 * 60_000;

const CODES: Readonly<Record<string, GatewayFailure>> = {
  CONNECT_TIMEOUT: unavailable('timeout'),
  GREETING_TIMEOUT: unavailable('no_greeting'),
  UPGRADE_TIMEOUT: unavailable('tls_failed'),
  STARTTLS_INJECTION: unavailable('tls_failed'),
  ETIMEOUT: unavailable('timeout'),
  NoConnection: unavailable('connection_lost'),
  EConnectionClosed: unavailable('connection_lost'),
  StateLogout: unavailable('connection_lost'),
  ClosedAfterConnectText: unavailable('connection_lost'),
  ClosedAfterConnectTLS: unavailable('connection_lost'),
  LiteralTooLarge: { kind: 'MessageUnreadable', locator: '', detail: 'too_large' },
  ResponseTooLarge: { kind: 'MessageUnreadable', locator: '', detail: 'too_large' },
  LineTooLarge: unavailable('protocol_error'),
  UnexpectedTag: unavailable('protocol_error'),
  InvalidResponse: unavailable('protocol_error'),
  ResponseProcessingFailed: unavailable('protocol_error'),
};

/** Response codes that say what is wrong, whatever the command was (RFC 9051, 7.1; LIMIT and INUSE: RFC 5530, 3). */
const RESPONSE_CODES: Readonly<Record<string, GatewayFailure>> = {
  LIMIT: { kind: 'RateLimited', retryAfterMs: DEFAULT_RETRY_MS },
  INUSE: { kind: 'RateLimited', retryAfterMs: DEFAULT_RETRY_MS },
  THROTTLED: { kind: 'RateLimited', retryAfterMs: DEFAULT_RETRY_MS },
  OVERQUOTA: { kind: 'RateLimited', retryAfterMs: DEFAULT_RETRY_MS },
  UNAVAILABLE: unavailable('server_unavailable'),
  SERVERBUG: unavailable('server_error'),
  CORRUPTION: unavailable('server_error'),
  CONTACTADMIN: unavailable('server_error'),
  PRIVACYREQUIRED: { kind: 'Rejected', code: 'login_disabled' },
  NONEXISTENT: { kind: 'MailboxNotSupported', detail: 'inbox_missing' },
  NOPERM: { kind: 'PermissionMissing', permission: 'read_inbox' },
};

/** How servers without RFC 5530 say that they will not serve us now (Gmail, Courier, Exchange Online, Dovecot). */
const BUSY =
  /too many|throttl|rate limit|bandwidth limit|try again later|maximum number of connections|exceeded.*limit/i;

/**
 * Reduces what imapflow throws to the closed set. Pure. Server texts decide but never enter the result.
 */
export function imapFailure(error: unknown): GatewayFailure {
  if (error instanceof GatewayError) return error.failure;
  if (!(error instanceof Error)) return { kind: 'Unknown', detail: 'not_an_error' };
  const known: ImapFlowError = error;
  const readings = [throttled, byResponseCode, loginFailure, byErrorCode, networkFailure, refusedCommand];
  for (const reading of readings) {
    const failure = reading(known);
    if (failure) return failure;
  }
  return { kind: 'Unknown', detail: errorCode(known) ?? known.name };
}

function throttled(error: ImapFlowError): GatewayFailure | null {
  if (error.code === 'ETHROTTLE') {
    return { kind: 'RateLimited', retryAfterMs: error.throttleReset ?? DEFAULT_RETRY_MS };
  }
  const said = `${error.responseText ?? ''} ${error.reason ?? ''}`;
  return BUSY.test(said) ? { kind: 'RateLimited', retryAfterMs: DEFAULT_RETRY_MS } : null;
}

function byResponseCode(error: ImapFlowError): GatewayFailure | null {
  const code = error.serverResponseCode ?? responseCodeOf(error.response);
  return (code && RESPONSE_CODES[code.toUpperCase()]) || null;
}

/** imapflow words the cases in which it did not even ask the server itself; they carry no response. */
function loginFailure(error: ImapFlowError): GatewayFailure | null {
  if (error.message === 'Unsupported authentication mechanism')
    return { kind: 'Rejected', code: 'login_method_unknown' };
  if (!error.authenticationFailed) return null;
  if (error.message === 'Login is disabled') return { kind: 'Rejected', code: 'login_disabled' };
  if (error.responseStatus === 'BAD') return { kind: 'Rejected', code: 'login_not_understood' };
  return { kind: 'AuthorizationLost', detail: 'login_refused' };
}

function byErrorCode({ code = '' }: ImapFlowError): GatewayFailure | null {
  return CODES[code] ?? (code.startsWith('ParserError') ? unavailable('protocol_error') : null);
}

function refusedCommand({ responseStatus }: ImapFlowError): GatewayFailure | null {
  return responseStatus ? unavailable('command_refused') : null;
}

/** `[CODE …]` of a parsed NO or BAD: the first attribute's section starts with it. */
function responseCodeOf(response: unknown): string | null {
  const parsed = response as { attributes?: { section?: { value?: unknown }[] }[] } | undefined;
  const value = parsed?.attributes?.[0]?.section?.[0]?.value;
  return typeof value === 'string' ? value : null;
}

function unavailable(detail: string): GatewayFailure {
  return { kind: 'Unavailable', detail };
}
