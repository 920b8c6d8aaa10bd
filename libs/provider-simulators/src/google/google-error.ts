import { type Answer, json } from '../shared/exchange.js';

/** A refusal of the Gmail API, by its reason. */
export interface GmailRefusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly domain?: string;
  /** The canonical name (google.rpc.Code); default: what goes with the status. */
  readonly code?: string;
  /** `ErrorInfo.reason` of newer answers (google.rpc.ErrorInfo). */
  readonly detail?: string;
  readonly retryAfter?: number;
}

const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

const rateLimited = (reason: string, message: string): GmailRefusal => ({
  status: 403,
  reason,
  message,
  domain: 'usageLimits',
});

/** The refusals that guides/handle-errors of the Gmail API describes, by the names tests call them. */
export const gmailRefusals = {
  authError: { status: 401, reason: 'authError', message: 'Invalid Credentials' },
  userRateLimitExceeded: rateLimited('userRateLimitExceeded', 'User Rate Limit Exceeded'),
  rateLimitExceeded: rateLimited('rateLimitExceeded', "Quota exceeded for quota metric 'Queries' per minute per user"),
  dailyLimitExceeded: rateLimited('dailyLimitExceeded', 'Daily Limit Exceeded'),
  tooManyConcurrent: {
    status: 429,
    reason: 'rateLimitExceeded',
    message: 'Too many concurrent requests for user.',
    domain: 'usageLimits',
  },
  sendingLimit: {
    status: 429,
    reason: 'rateLimitExceeded',
    message: 'User-rate limit exceeded.  Retry after 2026-11-22T02:00:00.000Z (Mail sending)',
    domain: 'usageLimits',
  },
  domainPolicy: {
    status: 403,
    reason: 'domainPolicy',
    message: 'The domain administrators have disabled Gmail apps.',
  },
  insufficientPermissions: {
    status: 403,
    reason: 'insufficientPermissions',
    message: 'Request had insufficient authentication scopes.',
    detail: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  },
  accessNotConfigured: {
    status: 403,
    reason: 'accessNotConfigured',
    message: 'Gmail API has not been used in project 1 before or it is disabled.',
    domain: 'usageLimits',
    detail: 'SERVICE_DISABLED',
  },
  mailServiceNotEnabled: {
    status: 400,
    reason: 'failedPrecondition',
    message: 'Mail service not enabled',
    code: 'FAILED_PRECONDITION',
  },
  invalidArgument: { status: 400, reason: 'invalidArgument', message: 'Invalid value' },
  notFound: { status: 404, reason: 'notFound', message: 'Requested entity was not found.' },
  backendError: { status: 500, reason: 'backendError', message: 'Backend Error' },
  unavailable: { status: 503, reason: 'backendError', message: 'The service is currently unavailable.' },
} as const satisfies Readonly<Record<string, GmailRefusal>>;

/** The body of an error answer (guides/handle-errors). */
export function gmailErrorBody({ status, reason, message, domain = 'global', code, detail }: GmailRefusal) {
  const details =
    detail === undefined ? {} : { details: [{ '@type': ERROR_INFO, reason: detail, domain: 'googleapis.com' }] };
  return {
    error: {
      code: status,
      message,
      errors: [{ message, domain, reason }],
      status: code ?? CODES[status] ?? 'UNKNOWN',
      ...details,
    },
  };
}

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

export function gmailError(refusal: GmailRefusal): Answer {
  const { retryAfter } = refusal;
  return json(
    refusal.status,
    gmailErrorBody(refusal),
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}

/** Thrown inside routes where the request cannot be carried out. */
export class RefusedByGmail extends Error {
  override readonly name = 'RefusedByGmail';
  constructor(readonly refusal: GmailRefusal) {
    super(refusal.reason);
  }
}
