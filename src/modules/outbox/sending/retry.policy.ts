import { APP_REFUSED } from '../../../gateways/gateway.errors.js';
import { type Troubles } from '../outbox.decider.js';
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
 * @param before what has put the mail off since the author asked for it, without this failure
 */
export function consequenceOf(failure: SendFailure, route: Route, before: Troubles): Consequence {
  const trouble = troubleOf(failure, route);
  const tries = (before[trouble.code] ?? 0) + 1;
  return { code: trouble.code, retryInMs: tries >= trouble.most ? null : trouble.waitMs(tries) };
}

/** Whether the provider refuses an app, HRBC's own or a company's: no verdict on the mail or on its author. */
export const isAppFault = (rejection: string): boolean => Object.hasOwn(APP_FAULTS, rejection);

/** What happened, how often a mail may meet it before nothing is tried any more, and how long is waited each time. */
interface Trouble {
  readonly code: SendingProblemCode;
  readonly most: number;
  readonly waitMs: (tries: number) => number;
}

function troubleOf(failure: SendFailure, route: Route): Trouble {
  switch (failure.kind) {
    case 'AuthorizationLost':
      return loginRefused(failure.remedy, route);
    case 'PermissionMissing':
      // Without the right to send at all, the consent has to be given anew.
      return final(failure.permission === 'send_as' ? 'sending_permission_missing' : 'sending_login_failed');
    case 'MailboxNotSupported':
      return final('sending_not_connected');
    case 'RateLimited':
      return limited(failure);
    case 'Unavailable':
      return unavailable(failure.detail);
    case 'Rejected':
      return refused(failure.code);
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return { code: 'sending_failed', most: MOST_TRIES_AT_THE_UNKNOWN, waitMs: doubling(30 * SECOND) };
  }
}

const final = (code: SendingProblemCode): Trouble => ({ code, most: 1, waitMs: () => 0 });

/** HRBC's own server refusing HRBC is no fault of the mail, and no user can log in again there. */
function loginRefused(remedy: string | undefined, route: Route): Trouble {
  if (route === 'hrbc') return { code: 'sending_server_login_failed', most: MOST_TRIES, waitMs: doubling(MINUTE) };
  // What the provider itself says has to be done does not change by asking again.
  if (remedy !== undefined) return final('sending_login_failed');
  return { code: 'sending_login_failed', most: MOST_REFUSED_LOGINS, waitMs: () => MINUTE };
}

/** Our own budget comes back by itself, so a mail that waits for it is never given up. */
function limited({ retryAfterMs, paced }: Extract<SendFailure, { kind: 'RateLimited' }>): Trouble {
  const code = 'sending_rate_limited';
  // Whoever says to wait for months has not thought of mail.
  const atLeast = (least: number): number => Math.min(HOUR, Math.max(retryAfterMs, least));
  if (paced) return { code, most: Infinity, waitMs: () => atLeast(SECOND) };
  return { code, most: MOST_TRIES_AT_LIMITS, waitMs: (tries) => atLeast(doubling(MINUTE)(tries)) };
}

function refused(rejection: string): Trouble {
  const app = APP_FAULTS[rejection];
  if (app === undefined) return final(REJECTIONS[rejection] ?? 'sending_refused');
  return { code: app, most: MOST_TRIES_AT_AN_APP, waitMs: doubling(5 * MINUTE) };
}

function unavailable(detail: string): Trouble {
  switch (detail) {
    case 'aborted':
      return { code: 'sending_interrupted', most: MOST_TRIES, waitMs: () => 0 };
    case 'deferred':
    case 'deferred_by_policy':
      return { code: 'sending_deferred', most: MOST_TRIES, waitMs: doubling(5 * SECOND) };
    default:
      return { code: 'sending_unreachable', most: MOST_TRIES, waitMs: doubling(5 * SECOND) };
  }
}

/** Doubles with every try, up to half an hour. */
const doubling =
  (first: number) =>
  (tries: number): number =>
    Math.min(30 * MINUTE, first * 2 ** Math.min(tries - 1, 20));

/** Faults of an app, HRBC's own or a company's: no verdict on the mail, which can leave once somebody mends the app. */
export const APP_FAULTS: Readonly<Record<string, SendingProblemCode>> = {
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
