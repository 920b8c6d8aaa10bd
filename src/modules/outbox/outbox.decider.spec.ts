import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import {
  CancelMail,
  DecideOutcome,
  QueueMail,
  RecordAcceptance,
  RecordBounce,
  RecordFailure,
  RecordSender,
  RecordUncertainty,
  RetryMail,
  StartSending,
} from './outbox.commands.js';
import { outboxDecider } from './outbox.decider.js';
import { type OutboxEvent } from './outbox.events.js';

const { given } = specificationOf(outboxDecider);
const at = '2026-11-01T09:00:00.000Z';
const later = '2026-11-01T09:05:00.000Z';
const metadata: CommandMetadata = {
  company: 'acme',
  actor: { kind: 'system', name: 'sending' },
  at,
  correlationId: 'c1',
  causationId: 'c1',
};

const mail = { userId: 'taro', mailId: 'mail-1' };
const taroWrites = {
  ...mail,
  route: 'hrbc',
  from: 'taro@acme.example',
  messageId: '<mail-1@acme.example>',
  recipients: 2,
  size: 1_200,
} as const;
const refusedFirst = [{ recipient: 0, reply: 550, status: '5.1.1', temporary: false }];

const queued: OutboxEvent = { type: 'MailQueued', data: taroWrites };
const begun = (attempt: number): OutboxEvent => ({
  type: 'MailSendingStarted',
  data: { ...mail, attempt, startedAt: at },
});
const accepted: OutboxEvent = {
  type: 'MailAccepted',
  data: { ...mail, attempt: 1, refused: [], foundInSent: false },
};
const postponed: OutboxEvent = {
  type: 'MailPostponed',
  data: { ...mail, attempt: 1, code: 'sending_deferred', refused: [], retryAt: later },
};
const failed: OutboxEvent = {
  type: 'MailFailed',
  data: { ...mail, attempt: 1, code: 'sending_refused', refused: [] },
};
const unknown: OutboxEvent = {
  type: 'MailOutcomeUnknown',
  data: { ...mail, attempt: 1, code: 'sending_outcome_unknown' },
};
const cancelled: OutboxEvent = { type: 'MailCancelled', data: mail };
const retried: OutboxEvent = { type: 'MailRetryRequested', data: mail };

const start = (attempt: number) => new StartSending({ ...mail, attempt }, metadata);
const accept = (attempt: number, sentAs: string | null = null) =>
  new RecordAcceptance({ ...mail, attempt, refused: [], sentAs, foundInSent: false, retryAt: null }, metadata);
const fail = (attempt: number, retryAt: string | null) =>
  new RecordFailure({ ...mail, attempt, code: 'sending_refused', refused: [], retryAt }, metadata);
const giveUp = (attempt: number) =>
  new RecordUncertainty({ ...mail, attempt, code: 'sending_outcome_unknown' }, metadata);
const taros = ['taro@acme.example', 'saiyo@acme.example'];
const retry = (presentRoute: 'hrbc' | 'gmail' = 'hrbc', fromAddresses = taros) =>
  new RetryMail({ ...mail, presentRoute, fromAddresses }, metadata);
const cancel = new CancelMail(mail, metadata, null);
const decide = (sent: boolean) => new DecideOutcome({ ...mail, sent }, metadata, null);

describe('queueing a mail', () => {
  it('puts it on the record', () => given().when(new QueueMail(taroWrites, metadata)).then(queued));
  it('once', () => given(queued, begun(1)).when(new QueueMail(taroWrites, metadata)).thenNothing());
});

describe('an attempt', () => {
  it('begins on the record', () => given(queued).when(start(1)).then(begun(1)));
  it('does not begin twice', () => given(queued, begun(1)).when(start(1)).thenNothing());
  it('does not begin out of turn', () => given(queued).when(start(2)).thenNothing());
  it('does not begin for a mail that was taken back', () => given(queued, cancelled).when(start(1)).thenNothing());
  it('begins anew after it was postponed', () => given(queued, begun(1), postponed).when(start(2)).then(begun(2)));

  it('ends with the provider taking the mail', () => given(queued, begun(1)).when(accept(1)).then(accepted));
  it('ends once', () => given(queued, begun(1), accepted).when(accept(1)).thenNothing());
  it('says nothing about another attempt', () =>
    given(queued, begun(1), postponed, begun(2)).when(accept(1)).thenNothing());
  it('tells of another sender address that the provider used', () =>
    given(queued, begun(1))
      .when(accept(1, 'boss@acme.example'))
      .then(accepted, {
        type: 'SenderRewritten',
        data: { ...mail, asked: 'taro@acme.example', used: 'boss@acme.example' },
      }));
  it('takes an address in other letters for the same', () =>
    given(queued, begun(1)).when(accept(1, 'Taro@Acme.Example')).then(accepted));

  it('ends in a failure that passes', () =>
    given(queued, begun(1))
      .when(fail(1, later))
      .then({
        type: 'MailPostponed',
        data: { ...mail, attempt: 1, code: 'sending_refused', refused: [], retryAt: later },
      }));
  it('ends in a failure that stays', () => given(queued, begun(1)).when(fail(1, null)).then(failed));
  it('names the recipients that were refused', () =>
    given(queued, begun(1))
      .when(new RecordFailure({ ...mail, attempt: 1, code: 'c', refused: refusedFirst, retryAt: null }, metadata))
      .then({ type: 'MailFailed', data: { ...mail, attempt: 1, code: 'c', refused: refusedFirst } }));

  it('ends without anybody knowing how', () => given(queued, begun(1)).when(giveUp(1)).then(unknown));
  it('is not called unknown once it is known', () => given(queued, begun(1), accepted).when(giveUp(1)).thenNothing());
  it('may still be known late', () => given(queued, begun(1), unknown).when(accept(1)).then(accepted));
  it('late, fails for good: nothing is sent behind the back of whoever decides', () =>
    given(queued, begun(1), unknown).when(fail(1, later)).then(failed));
});

describe('a mail that the provider takes for some and not yet for others', () => {
  const busy = { recipient: 1, reply: 450, status: '4.2.1', temporary: true };
  const refused = [{ recipient: 0, reply: 550, status: '5.1.1', temporary: false }, busy];
  const partly: OutboxEvent = { type: 'MailPartlyAccepted', data: { ...mail, attempt: 1, refused, retryAt: later } };
  const taken = { ...mail, attempt: 1, refused, sentAs: null, foundInSent: false };
  const acceptPartly = new RecordAcceptance({ ...taken, retryAt: later }, metadata);
  const failure = (refusals: typeof refused, retryAt: string | null) =>
    new RecordFailure({ ...mail, attempt: 2, code: 'sending_deferred', refused: refusals, retryAt }, metadata);
  const acceptedWithout = (one: object): OutboxEvent => ({
    type: 'MailAccepted',
    data: { ...mail, attempt: 2, refused: [{ ...busy, ...one }], foundInSent: false },
  });

  it('waits for those', () => given(queued, begun(1)).when(acceptPartly).then(partly));
  it('is through when nobody tries again', () =>
    given(queued, begun(1))
      .when(new RecordAcceptance({ ...taken, retryAt: null }, metadata))
      .then({ type: 'MailAccepted', data: { ...mail, attempt: 1, refused, foundInSent: false } }));
  it('is tried again', () => given(queued, begun(1), partly).when(start(2)).then(begun(2)));
  it('cannot be taken back any more', () =>
    given(queued, begun(1), partly).when(cancel).thenRejected('mail_partly_sent'));
  it('has not failed when they are given up on: it names them', () =>
    given(queued, begun(1), partly, begun(2))
      .when(failure([{ ...busy, reply: 550, temporary: false }], null))
      .then(acceptedWithout({ reply: 550, temporary: false })));
  it('also when nobody says why', () =>
    given(queued, begun(1), partly, begun(2))
      .when(failure([], null))
      .then(acceptedWithout({ reply: null, status: null })));
  it('goes on waiting for them', () =>
    given(queued, begun(1), partly, begun(2))
      .when(failure([busy], later))
      .then({
        type: 'MailPostponed',
        data: { ...mail, attempt: 2, code: 'sending_deferred', refused: [busy], retryAt: later },
      }));
  it('is not tried again behind the back of whoever decides about an unknown outcome', () =>
    given(queued, begun(1), unknown)
      .when(acceptPartly)
      .then({ type: 'MailAccepted', data: { ...mail, attempt: 1, refused, foundInSent: false } }));
});

describe('an unknown outcome', () => {
  it('is decided by the author: sent', () =>
    given(queued, begun(1), unknown)
      .when(decide(true))
      .then({ type: 'MailOutcomeDecided', data: { ...mail, sent: true } }));
  it('decided as not sent, it may be sent again', () =>
    given(queued, begun(1), unknown, { type: 'MailOutcomeDecided', data: { ...mail, sent: false } })
      .when(retry())
      .then(retried));
  it('is not sent again before that', () =>
    given(queued, begun(1), unknown).when(retry()).thenRejected('mail_not_failed'));
  it('cannot be decided where it is known', () =>
    given(queued, begun(1), accepted).when(decide(true)).thenRejected('mail_outcome_known'));
});

describe('sending again', () => {
  it('is for mails that failed', () => given(queued, begun(1), failed).when(retry()).then(retried));
  it('begins the next attempt', () => given(queued, begun(1), failed, retried).when(start(2)).then(begun(2)));
  it('is not for others', () => given(queued, begun(1), accepted).when(retry()).thenRejected('mail_not_failed'));
  it('never changes the way silently', () =>
    given(queued, begun(1), failed).when(retry('gmail')).thenRejected('mail_route_changed'));
  it('is not for a mail from an address that is the author’s no longer', () =>
    given(queued, begun(1), failed)
      .when(retry('hrbc', ['saiyo@acme.example']))
      .thenRejected('from_not_allowed'));
  it('takes an address in other letters for the same', () =>
    given(queued, begun(1), failed)
      .when(retry('hrbc', ['Taro@Acme.Example']))
      .then(retried));
});

describe('taking a mail back', () => {
  it('is possible while it waits', () => given(queued).when(cancel).then(cancelled));
  it('also between two attempts', () => given(queued, begun(1), postponed).when(cancel).then(cancelled));
  it('changes nothing the second time', () => given(queued, cancelled).when(cancel).thenNothing());
  it('is too late once it is being sent', () => given(queued, begun(1)).when(cancel).thenRejected('mail_not_queued'));
});

describe('another user', () => {
  const eve = { userId: 'eve', mailId: 'mail-1' };
  it('finds no such mail', () => {
    given(queued)
      .when(new CancelMail(eve, metadata, null))
      .thenRejected('outbox_message_not_found');
    given(queued, begun(1), failed)
      .when(new RetryMail({ ...eve, presentRoute: 'hrbc', fromAddresses: taros }, metadata))
      .thenRejected('outbox_message_not_found');
    given(queued, begun(1), unknown)
      .when(new DecideOutcome({ ...eve, sent: true }, metadata, null))
      .thenRejected('outbox_message_not_found');
    given().when(cancel).thenRejected('outbox_message_not_found');
  });
});

describe('a report about delivery', () => {
  const report = { mailId: 'mail-1', reportId: 'r1', recipient: 1, action: 'failed', status: '5.1.1' } as const;
  const bounced: OutboxEvent = { type: 'MailBounced', data: { ...report, userId: 'taro' } };
  it('goes on the record of its mail', () =>
    given(queued, begun(1), accepted).when(new RecordBounce(report, metadata)).then(bounced));
  it('says nothing new when it says the same of the same recipient', () =>
    given(queued, begun(1), accepted, bounced)
      .when(new RecordBounce({ ...report, reportId: 'r2' }, metadata))
      .thenNothing());
  it('may say that of another recipient', () =>
    given(queued, begun(1), accepted, bounced)
      .when(new RecordBounce({ ...report, recipient: 0 }, metadata))
      .then({ type: 'MailBounced', data: { ...report, recipient: 0, userId: 'taro' } }));
  it('counts again once the mail was sent again', () =>
    given(queued, begun(1), bounced, failed, retried, begun(2)).when(new RecordBounce(report, metadata)).then(bounced));
  it('is none about a mail that never left', () =>
    given(queued).when(new RecordBounce(report, metadata)).thenNothing());
  it('about nothing we know changes nothing', () => given().when(new RecordBounce(report, metadata)).thenNothing());
});

describe('an accepted mail of which it is learned afterwards from whom it went out', () => {
  const learn = (sentAs: string) => new RecordSender({ ...mail, sentAs }, metadata);
  const rewritten: OutboxEvent = {
    type: 'SenderRewritten',
    data: { ...mail, asked: taroWrites.from, used: 'other@acme.example' },
  };
  it('from another address: that is told', () =>
    given(queued, begun(1), accepted).when(learn('other@acme.example')).then(rewritten));
  it('once', () => given(queued, begun(1), accepted, rewritten).when(learn('other@acme.example')).thenNothing());
  it('as asked: nothing', () => given(queued, begun(1), accepted).when(learn('Taro@Acme.example')).thenNothing());
  it('and not of one that is still on its way', () =>
    given(queued, begun(1)).when(learn('other@acme.example')).thenNothing());
});

describe('what has put a mail off', () => {
  const partly: OutboxEvent = {
    type: 'MailPartlyAccepted',
    data: { ...mail, attempt: 1, refused: refusedFirst, retryAt: later },
  };
  const limited: OutboxEvent = { ...postponed, data: { ...postponed.data, code: 'sending_rate_limited' } };
  it.each<[string, readonly OutboxEvent[], Record<string, number>]>([
    ['nothing yet', [queued, begun(1)], {}],
    ['each trouble counts for itself', [queued, postponed, limited, postponed], { sending_deferred: 2, sending_rate_limited: 1 }], // prettier-ignore
    ['some of its recipients count as well', [queued, partly, postponed], { sending_deferred: 2 }],
    ['a new start by its author counts from none', [queued, postponed, failed, { type: 'MailRetryRequested', data: mail }], {}], // prettier-ignore
  ])('%s', (_what, events, troubles) => {
    expect(events.reduce(outboxDecider.evolve, outboxDecider.initialState)).toHaveProperty('troubles', troubles);
  });
});
