import { APP_REFUSED } from '../../../gateways/gateway.errors.js';
import { type Route } from '../outbox.events.js';
import { type SendingProblemCode } from '../sending-problems.errors.js';

/** The closed set of gateway failures, as far as it matters here (src/gateways/gateway.errors.ts). */
export type SendFailure =
  | { readonly kind: 'AuthorizationLost'; readonly remedy?: string }
  | { readonly kind: 'MailboxNotSupported' }
  | { readonly kind: 'PermissionMissing'; readonly permission: string }
  | { readonly kind: 'CursorInvalid' | 'MessageUnreadable' | 'Unknown' }
  | { readonly kind: 'RateLimited'; readonly retryAfterMs: number; readonly paced?: true }
  | { readonly kind: 'Unavailable'; readonly detail: string }
  | { readonly kind: 'Rejected'; readonly code: string };

/** What is told about a failed attempt, and when the next one comes; null: never by itself. */
export interface Consequence {
  readonly code: SendingProblemCode;
  readonly retryInMs: number | null;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/**
 * Of an outage that is three hours and three quarters, of HRBC's own server refusing HRBC's login five and a half:
 * longer than greylisting and most outages last.
 */
const MOST_TRIES = 16;
/** What nobody understands is not tried for hours. */
const MOST_TRIES_AT_THE_UNKNOWN = 3;
/** A server that has a bad moment refuses logins too; receiving waits for the third before it asks a person. */
const MOST_REFUSED_LOGINS = 3;
/** Twenty hours at the least, and two days where every limit lasts an hour: quotas of a day begin anew within. */
const MOST_TRIES_AT_LIMITS = 48;
/** Most of a day, in which somebody at HRBC or the company can mend an app. */
const MOST_TRIES_AT_AN_APP = 48;

/**
 * What is done after an attempt that certainly sent nothing (pure).
 * @param tries attempts so far, this one included, since the author asked for it
 */
export function consequenceOf(failure: SendFailure, route: Route, tries: number): Consequence {
  switch (failure.kind) {
    case 'AuthorizationLost':
      return loginRefused(failure.remedy, route, tries);
    case 'PermissionMissing':
      // Without the right to send at all, the consent has to be given anew.
      return {
        code: failure.permission === 'send_as' ? 'sending_permission_missing' : 'sending_login_failed',
        retryInMs: null,
      };
    case 'MailboxNotSupported':
      return { code: 'sending_not_connected', retryInMs: null };
    case 'RateLimited':
      return limited(failure, tries);
    case 'Unavailable':
      return unavailable(failure.detail, tries);
    case 'Rejected':
      return refused(failure.code, tries);
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return notUnderstood(tries);
  }
}

/** HRBC's own server refusing HRBC is no fault of the mail, and no user can log in again there. */
function loginRefused(remedy: string | undefined, route: Route, tries: number): Consequence {
  if (route === 'hrbc') {
    return { code: 'sending_server_login_failed', retryInMs: until(MOST_TRIES, tries, pause(MINUTE, tries)) };
  }
  // What the provider itself says has to be done does not change by asking again.
  const most = remedy === undefined ? MOST_REFUSED_LOGINS : 1;
  return { code: 'sending_login_failed', retryInMs: until(most, tries, MINUTE) };
}

/** Our own budget comes back by itself, so a mail that waits for it is never given up. */
function limited({ retryAfterMs, paced }: Extract<SendFailure, { kind: 'RateLimited' }>, tries: number): Consequence {
  const code = 'sending_rate_limited';
  if (paced) return { code, retryInMs: Math.min(HOUR, Math.max(retryAfterMs, SECOND)) };
  // Whoever says to wait for months has not thought of mail.
  const wait = Math.min(HOUR, Math.max(retryAfterMs, pause(MINUTE, tries)));
  return { code, retryInMs: until(MOST_TRIES_AT_LIMITS, tries, wait) };
}

function refused(rejection: string, tries: number): Consequence {
  const app = APP_FAULTS[rejection];
  if (app === undefined) return { code: REJECTIONS[rejection] ?? 'sending_refused', retryInMs: null };
  return { code: app, retryInMs: until(MOST_TRIES_AT_AN_APP, tries, pause(5 * MINUTE, tries)) };
}

function notUnderstood(tries: number): Consequence {
  return { code: 'sending_failed', retryInMs: until(MOST_TRIES_AT_THE_UNKNOWN, tries, pause(30 * SECOND, tries)) };
}

/** Faults of an app, HRBC's own or a company's: no verdict on the mail, which can leave once somebody mends the app. */
const APP_FAULTS: Readonly<Record<string, SendingProblemCode>> = {
  [APP_REFUSED]: 'sending_app_refused',
  google_app_missing: 'sending_google_app_missing',
  google_client_invalid: 'sending_google_client_invalid',
  google_client_deleted: 'sending_google_client_deleted',
  google_client_blocked: 'sending_google_client_blocked',
  gmail_api_disabled: 'sending_gmail_api_disabled',
  gmail_disabled_by_domain: 'sending_gmail_disabled_by_domain',
};

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
      return { code: 'sending_interrupted', retryInMs: until(MOST_TRIES, tries, 0) };
    case 'deferred':
    case 'deferred_by_policy':
      return { code: 'sending_deferred', retryInMs: until(MOST_TRIES, tries, pause(5 * SECOND, tries)) };
    default:
      return { code: 'sending_unreachable', retryInMs: until(MOST_TRIES, tries, pause(5 * SECOND, tries)) };
  }
}

/** The pause before the next try; null once there have been enough. */
const until = (most: number, tries: number, wait: number): number | null => (tries >= most ? null : wait);

/** Doubles with every try, up to half an hour. */
const pause = (first: number, tries: number): number => Math.min(30 * MINUTE, first * 2 ** Math.min(tries - 1, 20));
