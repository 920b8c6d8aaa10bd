import { GatewayError, type GatewayFailure } from '../gateway.errors.js';
import { errorCode, networkFailure } from '../network-failure.js';
import { Pop3Refusal } from './pop3-session.js';

/** During which command the failure came: a refusal means another thing at login than later. */
export type Pop3Phase = 'greeting' | 'login' | 'reading';

const RETRY_MS = 5 * 60_000;

/** Response codes of RFC 2449, 8.1 and RFC 3206, 4, wherever they occur. */
const RESPONSE_CODES: Readonly<Record<string, GatewayFailure>> = {
  'IN-USE': { kind: 'RateLimited', retryAfterMs: RETRY_MS },
  'LOGIN-DELAY': { kind: 'RateLimited', retryAfterMs: RETRY_MS },
  'SYS/TEMP': { kind: 'Unavailable', detail: 'server_unavailable' },
  'SYS/PERM': { kind: 'Unavailable', detail: 'server_error' },
};

/** Servers without response codes say it in words (qpopper, Courier, Exchange). */
const BUSY = /(already|is|maildrop|mailbox) lock|in use|busy|too many|try again|temporar|throttl|limit/i;
const PLAINTEXT_REFUSED = /plain ?text|cleartext|requires? (?:a )?(?:secure|tls|ssl)|must issue a stls/i;

/** Reduces what a POP3 session throws to the closed set. Pure. Server texts decide but never enter the result. */
export function pop3Failure(error: unknown, phase: Pop3Phase): GatewayFailure {
  if (error instanceof GatewayError) return error.failure;
  if (error instanceof Pop3Refusal) return refusal(error, phase);
  if (errorCode(error) === 'NOT_POP3') return { kind: 'Unavailable', detail: 'protocol_error' };
  if (errorCode(error) === 'TEXT_TOO_LONG') return { kind: 'MessageUnreadable', locator: '', detail: 'too_large' };
  return networkFailure(error) ?? { kind: 'Unknown', detail: errorCode(error) ?? 'not_a_known_error' };
}

function refusal({ responseCode, text }: Pop3Refusal, phase: Pop3Phase): GatewayFailure {
  const byCode = RESPONSE_CODES[responseCode ?? ''];
  if (byCode) return byCode;
  if (phase === 'reading') return { kind: 'Unavailable', detail: 'command_refused' };
  if (phase === 'login' && PLAINTEXT_REFUSED.test(text)) return { kind: 'Rejected', code: 'login_disabled' };
  if (BUSY.test(text)) return { kind: 'RateLimited', retryAfterMs: RETRY_MS };
  if (phase === 'greeting') return { kind: 'Unavailable', detail: 'refused_at_greeting' };
  return { kind: 'AuthorizationLost', detail: 'login_refused' };
}
