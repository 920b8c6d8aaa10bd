import { type Route } from '../outbox.events.js';
import { type SendingProblemCode } from '../sending-problems.errors.js';

/** The closed set of gateway failures, as far as it matters here (src/gateways/gateway.errors.ts). */
export type SendFailure =
  | { readonly kind: 'AuthorizationLost' | 'MailboxNotSupported' }
  | { readonly kind: 'PermissionMissing'; readonly permission: string }
  | { readonly kind: 'CursorInvalid' | 'MessageUnreadable' | 'Unknown' }
  | { readonly kind: 'RateLimited'; readonly retryAfterMs: number }
  | { readonly kind: 'Unavailable'; readonly detail: string }
  | { readonly kind: 'Rejected'; readonly code: string };

/** What is told about a failed attempt, and when the next one comes; null: never by itself. */
export interface Consequence {
  readonly code: SendingProblemCode;
  readonly retryInMs: number | null;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** With the pauses below that is some five hours: longer than greylisting and most outages last. */
const MOST_TRIES = 16;
/** What nobody understands is not tried for hours. */
const MOST_TRIES_AT_THE_UNKNOWN = 3;

/**
 * What is done after an attempt that certainly sent nothing (pure).
 * @param tries attempts so far, this one included, since the author asked for it
 */
export function consequenceOf(failure: SendFailure, route: Route, tries: number): Consequence {
  const consequence = firstConsequence(failure, route, tries);
  return tries >= MOST_TRIES ? { ...consequence, retryInMs: null } : consequence;
}

function firstConsequence(failure: SendFailure, route: Route, tries: number): Consequence {
  switch (failure.kind) {
    case 'AuthorizationLost':
      return loginRefused(route, tries);
    case 'PermissionMissing':
      // Without the right to send at all, the consent has to be given anew.
      return {
        code: failure.permission === 'send_as' ? 'sending_permission_missing' : 'sending_login_failed',
        retryInMs: null,
      };
    case 'MailboxNotSupported':
      return { code: 'sending_not_connected', retryInMs: null };
    case 'RateLimited':
      return { code: 'sending_rate_limited', retryInMs: Math.max(failure.retryAfterMs, MINUTE) };
    case 'Unavailable':
      return unavailable(failure.detail, tries);
    case 'Rejected':
      return { code: REJECTIONS[failure.code] ?? 'sending_refused', retryInMs: null };
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return notUnderstood(tries);
  }
}

/** HRBC's own server refusing HRBC is no fault of the mail, and no user can log in again there. */
function loginRefused(route: Route, tries: number): Consequence {
  if (route === 'hrbc') return { code: 'sending_server_login_failed', retryInMs: pause(MINUTE, tries) };
  return { code: 'sending_login_failed', retryInMs: null };
}

function notUnderstood(tries: number): Consequence {
  return { code: 'sending_failed', retryInMs: tries >= MOST_TRIES_AT_THE_UNKNOWN ? null : pause(30 * SECOND, tries) };
}

const REJECTIONS: Readonly<Record<string, SendingProblemCode>> = {
  message_too_large: 'sending_too_large',
  recipients_refused: 'sending_recipients_refused',
  sender_refused: 'sending_sender_refused',
  from_not_registered: 'sending_from_not_registered',
  from_not_verified: 'sending_from_not_registered',
};

function unavailable(detail: string, tries: number): Consequence {
  switch (detail) {
    case 'aborted':
      return { code: 'sending_interrupted', retryInMs: 0 };
    case 'deferred':
    case 'deferred_by_policy':
      return { code: 'sending_deferred', retryInMs: pause(5 * SECOND, tries) };
    default:
      return { code: 'sending_unreachable', retryInMs: pause(5 * SECOND, tries) };
  }
}

/** Doubles with every try, up to half an hour. */
const pause = (first: number, tries: number): number => Math.min(30 * MINUTE, first * 2 ** Math.min(tries - 1, 20));
