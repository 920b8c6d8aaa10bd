import { type FixableBy, type RejectionDefinition } from '@libs/eventsourcing';
import { type Language } from '../../platform/http/index.js';
import { type AttemptResponse, type OutboxSummary } from './outbox.dto.js';
import { type Refused } from './outbox.events.js';
import { type OutboxAttempt } from './read-model/mail-attempts.projection.js';
import { type OutboxMail } from './read-model/outbox-mails.view.js';
import { sendingProblems } from './sending-problems.errors.js';

/** A mail as lists show it, its attempts told in the language of who reads. */
export function toSummary(mail: OutboxMail, language: Language): OutboxSummary {
  const { id, state, route, from, subject, preview, messageId, queuedAt, size, hasAttachments, retryAt, sentAs } = mail;
  return {
    ...{ id, state, route, from, subject, preview, messageId, queuedAt, size, hasAttachments, retryAt, sentAs },
    to: [...mail.to],
    cc: [...mail.cc],
    bcc: [...mail.bcc],
    attempts: mail.attempts.map((attempt) => toAttempt(attempt, mail.recipients, language)),
  };
}

const texts: Readonly<Record<string, RejectionDefinition>> = sendingProblems;

function toAttempt(attempt: OutboxAttempt, recipients: readonly string[], language: Language): AttemptResponse {
  const { at, outcome, code, status, refused } = attempt;
  const problem = code === null ? null : (texts[code] ?? sendingProblems.sending_failed);
  const givenUp = outcome === 'failed';
  return {
    at,
    outcome,
    code,
    detail: problem?.detail({ code: status ?? '-', givenUp })[language] ?? null,
    fixableBy: problem === null ? null : whoMends(problem, givenUp),
    refused: refused.map((one) => toRefused(one, outcome, recipients, language)),
  };
}

/** About a mail that was given up the service does nothing more: what passed by itself leaves it to its author. */
const whoMends = ({ fixableBy }: RejectionDefinition, givenUp: boolean): FixableBy =>
  givenUp && fixableBy === 'service' ? 'user' : fixableBy;

function toRefused(
  { recipient, reply, status, temporary }: Refused,
  outcome: OutboxAttempt['outcome'],
  recipients: readonly string[],
  language: Language,
): AttemptResponse['refused'][number] {
  const reported = outcome === 'bounced' || outcome === 'delayed';
  const code = reported
    ? temporary ? 'delivery_delayed' : 'bounced'
    : temporary ? 'recipient_deferred' : 'recipient_refused'; // prettier-ignore
  const said = [reply, status].filter((part) => part !== null).join(' ') || '-';
  // Where the service tries again by itself, nobody is asked to.
  const triedAgain = temporary && (outcome === 'partly_accepted' || outcome === 'postponed');
  const detail = sendingProblems[triedAgain ? 'sending_deferred' : code].detail({ code: said })[language];
  return { address: recipients[recipient] ?? '', code, detail, reply, status };
}
