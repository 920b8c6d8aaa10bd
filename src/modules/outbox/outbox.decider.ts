import { type Decider } from '@libs/eventsourcing';
import { addressAmong } from './composing/sender.policy.js';
import {
  type CancelMail,
  type DecideOutcome,
  type OutboxCommand,
  type QueueMail,
  type RecordAcceptance,
  type RecordBounce,
  type RecordFailure,
  type RecordSender,
  type RecordUncertainty,
  type RetryMail,
  type StartSending,
} from './outbox.commands.js';
import { reject } from './outbox.errors.js';
import { type OutboxEvent, type Refused, type Route } from './outbox.events.js';
import { type SendingProblemCode } from './sending-problems.errors.js';

/** How often what (the code told about a failed attempt) has happened. One passing trouble is no part of another. */
export type Troubles = Readonly<Record<string, number>>;

/** What stays the same through a mail's life, and how often it was tried. */
interface Known {
  readonly userId: string;
  readonly route: Route;
  readonly from: string;
  /** Attempts begun so far. */
  readonly attempts: number;
  /** How often each trouble has put it off since the author last asked; backoff and its end go by it. */
  readonly troubles: Troubles;
  /** Once some have got it: the others, by their place in the mail's list, to whom alone it goes from then on. */
  readonly outstanding: readonly number[] | null;
  /** The record has it that the provider sent it from another address than asked for. */
  readonly isRewritten: boolean;
  /** What reports have said since then. */
  readonly reports: readonly string[];
}

export type OutboxMailState =
  | { readonly status: 'none' }
  | (Known & { readonly status: 'queued' })
  | (Known & { readonly status: 'sending'; readonly startedAt: string })
  | (Known & { readonly status: 'accepted' })
  | (Known & { readonly status: 'failed' | 'unknown' | 'cancelled' });

type Mail = Exclude<OutboxMailState, { status: 'none' }>;

function evolve(state: OutboxMailState, event: OutboxEvent): OutboxMailState {
  if (event.type === 'MailQueued') {
    const { userId, route, from } = event.data;
    return {
      status: 'queued',
      userId,
      route,
      from,
      attempts: 0,
      troubles: {},
      outstanding: null,
      isRewritten: false,
      reports: [],
    };
  }
  return state.status === 'none' ? state : evolveMail(state, event);
}

function evolveMail(mail: Mail, event: Exclude<OutboxEvent, { type: 'MailQueued' }>): OutboxMailState {
  switch (event.type) {
    case 'MailSendingStarted': {
      const { attempt: attempts, startedAt } = event.data;
      return { ...mail, status: 'sending', attempts, startedAt };
    }
    case 'MailAccepted':
      return { ...mail, status: 'accepted' };
    case 'MailPartlyAccepted':
      return { ...putOff(mail, DEFERRED), outstanding: deferredIn(event.data.refused) };
    case 'MailPostponed':
      return putOff(mail, event.data.code);
    case 'MailFailed':
      return { ...mail, status: 'failed' };
    case 'MailOutcomeUnknown':
      return { ...mail, status: 'unknown' };
    case 'MailOutcomeDecided':
      return { ...mail, status: decidedAs(event.data.sent) };
    case 'MailRetryRequested':
      return { ...mail, status: 'queued', troubles: {}, reports: [] };
    case 'MailCancelled':
      return { ...mail, status: 'cancelled' };
    case 'SenderRewritten':
      return { ...mail, isRewritten: true };
    case 'MailBounced':
      return { ...mail, reports: [...mail.reports, sayingOf(event.data)] };
  }
}

/** Somebody refused for the moment, be it one recipient or all. */
const DEFERRED: SendingProblemCode = 'sending_deferred';

const putOff = ({ troubles, ...mail }: Mail, code: string): Mail => ({
  ...mail,
  status: 'queued',
  troubles: { ...troubles, [code]: (troubles[code] ?? 0) + 1 },
});

function queue({ data }: QueueMail, state: OutboxMailState): readonly OutboxEvent[] {
  return state.status === 'none' ? [{ type: 'MailQueued', data }] : [];
}

/** One attempt at a time, and each attempt once: of two that begin it, the second finds it begun. */
function startSending({ data, metadata }: StartSending, state: OutboxMailState): readonly OutboxEvent[] {
  if (state.status !== 'queued' || data.attempt !== state.attempts + 1) return [];
  return [{ type: 'MailSendingStarted', data: { ...data, startedAt: metadata.at } }];
}

/** What an attempt reports counts while it lasts, and when it comes late, after its outcome was given up on. */
const isAwaited = (state: OutboxMailState, attempt: number): state is Mail =>
  (state.status === 'sending' || state.status === 'unknown') && state.attempts === attempt;

function recordAcceptance({ data }: RecordAcceptance, state: OutboxMailState): readonly OutboxEvent[] {
  const { userId, mailId, attempt, refused, foundInSent, sentAs, retryAt } = data;
  if (!isAwaited(state, attempt)) return [];
  if (retryAt !== null && state.status === 'sending' && deferredIn(refused).length > 0) {
    return [{ type: 'MailPartlyAccepted', data: { userId, mailId, attempt, refused, retryAt } }];
  }
  const accepted: OutboxEvent = { type: 'MailAccepted', data: { userId, mailId, attempt, refused, foundInSent } };
  return [accepted, ...rewriting({ userId, mailId, sentAs }, state)];
}

function recordSender({ data }: RecordSender, state: OutboxMailState): readonly OutboxEvent[] {
  return state.status === 'accepted' ? rewriting(data, state) : [];
}

/** That another address was used than asked for is told once; `sentAs` null: nobody says. */
function rewriting(
  { userId, mailId, sentAs }: Pick<RecordAcceptance['data'], 'userId' | 'mailId' | 'sentAs'>,
  { from: asked, isRewritten }: Mail,
): readonly OutboxEvent[] {
  if (sentAs === null || isRewritten || sentAs.toLowerCase() === asked.toLowerCase()) return [];
  return [{ type: 'SenderRewritten', data: { userId, mailId, asked, used: sentAs } }];
}

function recordFailure({ data }: RecordFailure, state: OutboxMailState): readonly OutboxEvent[] {
  const { retryAt, ...failure } = data;
  if (!isAwaited(state, data.attempt)) return [];
  // A person may have begun to act on an unknown outcome: the service does not start sending again behind it.
  const isLast = retryAt === null || state.status === 'unknown';
  if (!isLast) return [{ type: 'MailPostponed', data: { ...failure, retryAt } }];
  if (state.outstanding !== null) return [givenUpOn(state.outstanding, data)];
  return [{ type: 'MailFailed', data: failure }];
}

/** The others have had it all along, so it has not failed: it names those who have not got it. */
function givenUpOn(outstanding: readonly number[], { refused, ...data }: RecordFailure['data']): OutboxEvent {
  const { userId, mailId, attempt } = data;
  const unsaid = { reply: null, status: null, temporary: true };
  const all = outstanding.map((recipient) => refused.find((one) => one.recipient === recipient) ?? { recipient, ...unsaid }); // prettier-ignore
  return { type: 'MailAccepted', data: { userId, mailId, attempt, refused: all, foundInSent: false } };
}

const decidedAs = (sent: boolean) => (sent ? 'accepted' : 'failed');

const deferredIn = (refused: readonly Refused[]): readonly number[] =>
  refused.filter(({ temporary }) => temporary).map(({ recipient }) => recipient);

function recordUncertainty({ data }: RecordUncertainty, state: OutboxMailState): readonly OutboxEvent[] {
  if (state.status !== 'sending' || state.attempts !== data.attempt) return [];
  return [{ type: 'MailOutcomeUnknown', data }];
}

function decideOutcome({ data }: DecideOutcome, state: OutboxMailState): readonly OutboxEvent[] {
  const mail = ownMail(data.userId, state);
  if (mail.status !== 'unknown') throw reject('mail_outcome_known', { state: mail.status });
  return [{ type: 'MailOutcomeDecided', data }];
}

function retry({ data }: RetryMail, state: OutboxMailState): readonly OutboxEvent[] {
  const { userId, mailId, presentRoute, fromAddresses } = data;
  const mail = ownMail(userId, state);
  if (mail.status !== 'failed') throw reject('mail_not_failed', { state: mail.status });
  if (mail.route !== presentRoute) throw reject('mail_route_changed');
  // An address that was the author's when the mail was written may be somebody else's by now.
  if (addressAmong(fromAddresses, mail.from) === undefined)
    throw reject('from_not_allowed', { allowed: fromAddresses });
  return [{ type: 'MailRetryRequested', data: { userId, mailId } }];
}

function cancel({ data }: CancelMail, state: OutboxMailState): readonly OutboxEvent[] {
  const mail = ownMail(data.userId, state);
  if (mail.status === 'cancelled') return [];
  if (mail.status !== 'queued') throw reject('mail_not_queued', { state: mail.status });
  if (mail.outstanding !== null) throw reject('mail_partly_sent');
  return [{ type: 'MailCancelled', data }];
}

/**
 * A report about a mail that never left is none. Said twice of the same recipient it is nothing new, which also bounds
 * what somebody can add who sends reports by the thousand.
 */
function recordBounce({ data }: RecordBounce, state: OutboxMailState): readonly OutboxEvent[] {
  if (state.status === 'none' || state.attempts === 0 || state.reports.includes(sayingOf(data))) return [];
  return [{ type: 'MailBounced', data: { ...data, userId: state.userId } }];
}

const sayingOf = ({ action, recipient }: Pick<RecordBounce['data'], 'action' | 'recipient'>): string =>
  `${action} ${recipient ?? '?'}`;

/** Another user's mail does not exist for this one. */
function ownMail(userId: string, state: OutboxMailState): Mail {
  if (state.status === 'none' || state.userId !== userId) throw reject('outbox_message_not_found');
  return state;
}

export const outboxDecider: Decider<OutboxMailState, OutboxCommand, OutboxEvent> = {
  initialState: { status: 'none' },
  evolve,
  decide(command, state) {
    switch (command.type) {
      case 'QueueMail':
        return queue(command, state);
      case 'StartSending':
        return startSending(command, state);
      case 'RecordAcceptance':
        return recordAcceptance(command, state);
      case 'RecordSender':
        return recordSender(command, state);
      case 'RecordFailure':
        return recordFailure(command, state);
      case 'RecordUncertainty':
        return recordUncertainty(command, state);
      case 'DecideOutcome':
        return decideOutcome(command, state);
      case 'RetryMail':
        return retry(command, state);
      case 'CancelMail':
        return cancel(command, state);
      case 'RecordBounce':
        return recordBounce(command, state);
    }
  },
};
