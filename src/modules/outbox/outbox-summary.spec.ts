import { describe, expect, it } from 'vitest';
import { type AttemptResponse } from './outbox.dto.js';
import { toSummary } from './outbox-summary.js';
import { type AttemptOutcome } from './read-model/mail-attempts.projection.js';
import { type OutboxMail } from './read-model/outbox-mails.view.js';
import { APP_FAULTS, consequenceOf, type SendFailure } from './sending/retry.policy.js';
import { sendingProblems } from './sending-problems.errors.js';

const unavailable = (detail: string): SendFailure => ({ kind: 'Unavailable', detail });
const failures: readonly SendFailure[] = [
  { kind: 'AuthorizationLost' },
  { kind: 'RateLimited', retryAfterMs: 1_000 },
  { kind: 'Unknown' },
  ...['aborted', 'deferred', 'deferred_by_policy', 'timeout'].map(unavailable),
  ...Object.keys(APP_FAULTS).map((code): SendFailure => ({ kind: 'Rejected', code })),
];
/** What is told of failures after which the service tries again by itself, for a while. */
const passing = new Set(
  (['hrbc', 'gmail'] as const).flatMap((route) => failures.map((failure) => consequenceOf(failure, route, {}).code)),
);

/** How an attempt that ended like this reads. */
function read(code: string, outcome: AttemptOutcome, language: 'ja' | 'en'): AttemptResponse {
  const attempts = [{ at: '2026-11-01T09:00:00Z', outcome, code, status: null, refused: [] }];
  const mail = { to: [], cc: [], bcc: [], recipients: [], attempts } as unknown as OutboxMail;
  return toSummary(mail, language).attempts[0]!;
}

const GOES_ON = /自動的に再試行(し|され)|again automatically/;
const GIVEN_UP = /打ち切り|given up/;
const SEND_AGAIN = /再送信してください|send (it )?again/i;

describe('what is told of a failed attempt', () => {
  const codes = Object.keys(sendingProblems);

  it.each(codes)('%s: never that a mail is tried again which was given up', (code) => {
    for (const language of ['ja', 'en'] as const) expect(read(code, 'failed', language).detail).not.toMatch(GOES_ON);
  });

  it.each(codes)('%s: never that a mail was given up which is tried again', (code) => {
    for (const language of ['ja', 'en'] as const)
      expect(read(code, 'postponed', language).detail).not.toMatch(GIVEN_UP);
  });

  it.each([...passing])('%s: that it is tried again, or else who has to do what', (code) => {
    for (const language of ['ja', 'en'] as const) {
      expect(read(code, 'postponed', language).detail).toMatch(GOES_ON);
      const { detail, fixableBy } = read(code, 'failed', language);
      expect(detail).toMatch(SEND_AGAIN);
      expect(fixableBy).not.toBe('service');
    }
  });

  it.each([
    ['sending_unreachable', 'service', 'user'],
    ['sending_google_client_invalid', 'admin', 'admin'],
    ['sending_app_refused', 'service', 'user'],
  ])('%s: %s can mend it while it is tried, %s once it is not', (code, before, after) => {
    expect(read(code, 'postponed', 'ja')).toMatchObject({ code, fixableBy: before });
    expect(read(code, 'failed', 'ja')).toMatchObject({ code, fixableBy: after });
  });
});
