import { type DocumentChange, type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { OUTBOX_MAIL, type OutboxEvent, type Refused } from '../outbox.events.js';

/** `bounced` and `delayed` are reports that came later; `decided` is what the author said. */
export type AttemptOutcome =
  | 'sending'
  | 'accepted'
  | 'postponed'
  | 'failed'
  | 'unknown'
  | 'bounced'
  | 'delayed'
  | 'decided_sent'
  | 'decided_not_sent';

/** One attempt at a mail, or one later word about it. */
export interface OutboxAttemptDocument {
  readonly company: string;
  readonly mailId: string;
  readonly at: string;
  readonly outcome: AttemptOutcome;
  readonly code: string | null;
  /** Enhanced status code of a report. */
  readonly status: string | null;
  readonly refused: readonly Refused[];
  readonly retryAt: string | null;
}

const NOTHING = { code: null, status: null, refused: [], retryAt: null } as const;

export const outboxAttemptsProjection: Projection<OutboxAttemptDocument, OutboxEvent> = {
  name: 'outbox_attempts',
  version: 1,
  categories: [OUTBOX_MAIL],
  project(event) {
    switch (event.type) {
      case 'MailSendingStarted':
      case 'MailAccepted':
      case 'MailPostponed':
      case 'MailFailed':
      case 'MailOutcomeUnknown':
        return [ofAttempt(event)];
      case 'MailOutcomeDecided':
      case 'MailBounced':
        return [later(event)];
      case 'MailQueued':
      case 'MailRetryRequested':
      case 'MailCancelled':
      case 'SenderRewritten':
        return [];
    }
  },
};

type Recorded<Type> = Extract<RecordedEvent<OutboxEvent>, { type: Type }>;
type Change = DocumentChange<OutboxAttemptDocument>;
type OfAttempt = 'MailSendingStarted' | 'MailAccepted' | 'MailPostponed' | 'MailFailed' | 'MailOutcomeUnknown';

function ofAttempt(event: Recorded<OfAttempt>): Change {
  const { mailId, attempt } = event.data;
  return { id: `${mailId}#${String(attempt).padStart(4, '0')}`, set: { ...whose(event), ...howFar(event) } };
}

function howFar(event: Recorded<OfAttempt>): Partial<OutboxAttemptDocument> {
  switch (event.type) {
    case 'MailSendingStarted':
      return { ...NOTHING, at: event.data.startedAt, outcome: 'sending' };
    case 'MailAccepted':
      return { outcome: 'accepted', code: null, refused: event.data.refused };
    case 'MailPostponed': {
      const { code, refused, retryAt } = event.data;
      return { outcome: 'postponed', code, refused, retryAt };
    }
    case 'MailFailed': {
      const { code, refused } = event.data;
      return { outcome: 'failed', code, refused };
    }
    case 'MailOutcomeUnknown':
      return { outcome: 'unknown', code: event.data.code };
  }
}

/** What was learned or said about a mail after it was tried. */
function later(event: Recorded<'MailOutcomeDecided' | 'MailBounced'>): Change {
  const id = `${event.data.mailId}#r${String(event.revision).padStart(6, '0')}`;
  const { at } = event.metadata;
  if (event.type === 'MailOutcomeDecided') {
    const outcome = event.data.sent ? 'decided_sent' : 'decided_not_sent';
    return { id, set: { ...whose(event), ...NOTHING, at, outcome } };
  }
  return { id, set: { ...whose(event), ...NOTHING, at, ...reported(event.data) } };
}

function reported({ recipient, status, action }: Recorded<'MailBounced'>['data']): Partial<OutboxAttemptDocument> {
  const temporary = action === 'delayed';
  const refused = recipient === null ? [] : [{ recipient, reply: null, status, temporary }];
  const [outcome, code] = temporary ? (['delayed', 'delivery_delayed'] as const) : (['bounced', 'bounced'] as const);
  return { outcome, code, status, refused };
}

function whose({ stream, data }: RecordedEvent<OutboxEvent>): Pick<OutboxAttemptDocument, 'company' | 'mailId'> {
  const [company = ''] = streamParts(stream);
  return { company, mailId: data.mailId };
}
