import { APP_REFUSED, type GatewayFailure } from '../../../gateways/gateway.errors.js';
import { type MailboxProblemCode } from '../../user-mail-setting/index.js';

/** What is done about a failed look at a mailbox. */
export interface Consequence {
  readonly problem: MailboxProblemCode;
  readonly retryInMs: number;
  /** The mailbox is not read again before a person has done something. */
  readonly requiresAction: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A server that has a bad moment refuses logins too; and asking a person costs more than asking twice again. */
const REFUSED_LOGINS_BEFORE_ACTION = 3;

/**
 * The one policy for failures of mail systems (pure).
 * @param failuresBefore how many looks in a row failed before this one
 */
export function consequenceOf(failure: GatewayFailure, failuresBefore: number): Consequence {
  switch (failure.kind) {
    case 'AuthorizationLost':
      // What the provider itself says has to be done does not change by asking again.
      return failure.remedy === undefined
        ? refusedLogin('mailbox_login_failed', failuresBefore)
        : { problem: failure.remedy, retryInMs: 10 * MINUTE, requiresAction: true };
    case 'PermissionMissing':
      return refusedLogin('mailbox_permission_missing', failuresBefore);
    case 'MailboxNotSupported':
      return refusedLogin(named(UNSUPPORTED, failure.detail, 'mailbox_without_exchange'), failuresBefore);
    case 'RateLimited':
      return { problem: 'mailbox_busy', retryInMs: Math.max(failure.retryAfterMs, MINUTE), requiresAction: false };
    case 'Unavailable':
      return {
        problem: 'mailbox_server_unreachable',
        retryInMs: pause(10 * SECOND, failuresBefore, 10 * MINUTE),
        requiresAction: false,
      };
    case 'Rejected':
      return {
        problem: named(REFUSALS, failure.code, 'mailbox_read_failed'),
        retryInMs: pause(30 * SECOND, failuresBefore, 30 * MINUTE),
        requiresAction: false,
      };
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return {
        problem: 'mailbox_read_failed',
        retryInMs: pause(30 * SECOND, failuresBefore, 30 * MINUTE),
        requiresAction: false,
      };
  }
}

function refusedLogin(problem: MailboxProblemCode, failuresBefore: number): Consequence {
  return {
    problem,
    retryInMs: pause(30 * SECOND, failuresBefore, 10 * MINUTE),
    requiresAction: failuresBefore + 1 >= REFUSED_LOGINS_BEFORE_ACTION,
  };
}

type Names = Readonly<Record<string, MailboxProblemCode>>;
const named = (names: Names, code: string, otherwise: MailboxProblemCode): MailboxProblemCode =>
  names[code] ?? otherwise;

const UNSUPPORTED: Names = { gmail_not_enabled: 'gmail_not_enabled' };

/** Faults of an app, HRBC's own or a company's: whoever meets them, nobody mends them by signing in. */
const REFUSALS: Names = {
  [APP_REFUSED]: 'provider_app_refused',
  google_app_missing: 'google_app_missing',
  google_client_invalid: 'google_client_invalid',
  google_client_deleted: 'google_client_deleted',
  google_client_blocked: 'google_client_blocked',
  gmail_api_disabled: 'gmail_api_disabled',
  gmail_disabled_by_domain: 'gmail_disabled_by_domain',
};

/** Doubles with every failure, up to a limit. */
const pause = (first: number, failuresBefore: number, longest: number): number =>
  Math.min(longest, first * 2 ** Math.min(failuresBefore, 20));
