import { type GatewayFailure } from '../gateway.errors.js';
import { type RefusedRecipient } from '../mail-sender.port.js';
import { networkFailure } from '../network-failure.js';

/** What a server said: reply code (RFC 5321, 4.2.1) and enhanced status code (RFC 3463), where it gives one. */
export interface SmtpReply {
  readonly reply: number | null;
  readonly status: string | null;
}

/** The fields that the SMTP library adds to its errors. */
interface LibraryError {
  readonly code?: unknown;
  /** What was being done, as STARTTLS; CONN until the server has greeted. */
  readonly command?: unknown;
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly rejectedErrors?: unknown;
  readonly recipient?: unknown;
}

/** The reply in an error of the library. Its text is left behind: servers repeat addresses and worse in it. */
export function replyIn(error: unknown): SmtpReply {
  const { responseCode, response } = error as LibraryError;
  const status = typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
  return { reply: typeof responseCode === 'number' ? responseCode : null, status: status ?? null };
}

/** The recipients that the server refused, by their place in `recipients`. */
export function refusedRecipients(rejectedErrors: unknown, recipients: readonly string[]): RefusedRecipient[] {
  if (!Array.isArray(rejectedErrors)) return [];
  return (rejectedErrors as unknown[]).flatMap((error) => {
    const recipient = recipients.indexOf(String((error as LibraryError).recipient));
    const said = replyIn(error);
    return recipient < 0 ? [] : [{ recipient, ...said, temporary: isForNow(said) }];
  });
}

/**
 * Whether a recipient is refused for the moment only. 552 was once the answer to too many recipients, and is to be
 * taken for 452 (RFC 5321, 4.5.3.1.10), unless its status says otherwise, as 5.2.2 does of a full mailbox.
 */
function isForNow({ reply, status }: SmtpReply): boolean {
  if (reply === null || reply < 500) return true;
  return reply === 552 && (isUnexplained(status) || status === TOO_MANY_RECIPIENTS);
}

/** What an error means that came before the mail was handed over, or in answer to it. */
export function smtpFailure(error: unknown): GatewayFailure {
  const said = replyIn(error);
  if (said.reply !== null) return replyFailure(said, error);
  const { code, originalCode } = error as LibraryError;
  const network = networkFailure(withCode(originalCode)) ?? networkFailure(withCode(code));
  if (network) return network;
  return FAILURES[String(code)] ?? { kind: 'Unknown', detail: 'smtp_failed' };
}

/** By the library's error codes, where the server said nothing. */
const FAILURES: Readonly<Record<string, GatewayFailure>> = {
  ECONNECTION: { kind: 'Unavailable', detail: 'connection_lost' },
  ESOCKET: { kind: 'Unavailable', detail: 'connection_lost' },
  EDNS: { kind: 'Unavailable', detail: 'lookup_failed' },
  ETLS: { kind: 'Unavailable', detail: 'tls_failed' },
  EREQUIRETLS: { kind: 'Unavailable', detail: 'tls_failed' },
  EPROTOCOL: { kind: 'Unavailable', detail: 'protocol_error' },
  // The library compares the size with what the server announced (RFC 1870), before it says anything.
  EMESSAGE: { kind: 'Rejected', code: 'message_too_large' },
  EAUTH: { kind: 'AuthorizationLost', detail: 'login_refused' },
  ENOAUTH: { kind: 'AuthorizationLost', detail: 'login_refused' },
};

/** RFC 3463, 3.6. */
const TOO_MANY_RECIPIENTS = '5.5.3';
/** Too large for the system, or for a mailbox (RFC 3463, 3.4 and 3.3). */
const TOO_LARGE: readonly (string | null)[] = ['5.3.4', '5.2.3'];

/** 5.0.0 is for servers that know nothing better (RFC 3463, 3.1). */
const isUnexplained = (status: string | null): boolean => status === null || status === '5.0.0';

/** Steps of a session before any mail. */
const SESSION_STEPS: readonly unknown[] = ['CONN', 'EHLO', 'HELO', 'LHLO', 'STARTTLS'];
/** It wants a login or TLS first (RFC 4954, 6; RFC 3207, 4), or takes no mail at all (RFC 7504), whatever was asked. */
const SESSION_REPLIES: readonly (number | null)[] = [521, 530];

/** 4yz says "later", and so does whatever refuses us: it is our server, and its trouble is not the mail's. */
function replyFailure(said: SmtpReply, error: unknown): GatewayFailure {
  const { code, command } = error as LibraryError;
  if (code === 'EAUTH') return { kind: 'AuthorizationLost', detail: 'login_refused' };
  const isAboutSession = SESSION_STEPS.includes(command) || SESSION_REPLIES.includes(said.reply);
  if (isAboutSession && said.reply !== null && said.reply >= 500)
    return { kind: 'Unavailable', detail: 'server_refuses' };
  return mailFailure(said, error);
}

function mailFailure(said: SmtpReply, error: unknown): GatewayFailure {
  const { rejectedErrors } = error as LibraryError;
  const { reply, status } = said;
  if (reply === null || reply < 500)
    return { kind: 'Unavailable', detail: status?.startsWith('4.7.') ? 'deferred_by_policy' : 'deferred' };
  if (Array.isArray(rejectedErrors)) return nobodyTaken(rejectedErrors.map(replyIn));
  if (isTooLarge(said)) return { kind: 'Rejected', code: 'message_too_large' };
  if (status === '5.1.7' || status === '5.1.8') return { kind: 'Rejected', code: 'sender_refused' };
  return { kind: 'Rejected', code: 'message_refused' };
}

/** Every recipient was refused. What each was told stands in the outcome; this is what it comes to. */
function nobodyTaken(replies: readonly SmtpReply[]): GatewayFailure {
  if (replies.some(isForNow)) return { kind: 'Unavailable', detail: 'deferred' };
  const isTooLargeForAll = replies.every(({ status }) => TOO_LARGE.includes(status));
  return { kind: 'Rejected', code: isTooLargeForAll ? 'message_too_large' : 'recipients_refused' };
}

/** To MAIL and DATA 552 means the size (RFC 1870, 6), unless its status names another reason. */
const isTooLarge = ({ reply, status }: SmtpReply): boolean =>
  TOO_LARGE.includes(status) || (reply === 552 && isUnexplained(status));

const withCode = (code: unknown): Error => Object.assign(new Error(), { code });
