import { type DocumentChange, type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { attemptIn, type AttemptPath, type OutboxAttempt } from './mail-attempts.projection.js';
import { OUTBOX_MAIL, type OutboxEvent, type Route } from '../outbox.events.js';

interface Person {
  readonly name: string;
  readonly address: string;
}

export type OutboxState = 'queued' | 'sending' | 'accepted' | 'failed' | 'unknown' | 'cancelled';

/** What the event does not say, because no word of the mail is in any event. */
export interface OutboxMailFacts {
  readonly from: Person;
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  readonly subject: string;
  readonly preview: string;
  readonly hasAttachments: boolean;
  readonly inReplyTo: string | null;
  readonly recipients: readonly string[];
}

export interface OutboxMailDocument extends OutboxMailFacts {
  readonly company: string;
  readonly userId: string;
  readonly route: Route;
  readonly messageId: string;
  readonly size: number;
  readonly queuedAt: string;
  readonly state: OutboxState;
  /** When the next attempt comes, while it waits for one after a failure. */
  readonly retryAt: string | null;
  /** The address that the provider put in the place of the one asked for. */
  readonly sentAs: string | null;
  readonly attempts: Readonly<Record<string, OutboxAttempt>>;
  /** One attempt is set by its path, so that the others need not be known. */
  readonly [attempt: AttemptPath]: OutboxAttempt;
  /** Of the stream; the ETag of the resource. */
  readonly revision: number;
}

export const outboxMailsProjection: Projection<OutboxMailDocument, OutboxEvent, OutboxMailFacts | null> = {
  name: 'outbox_mails',
  version: 1,
  categories: [OUTBOX_MAIL],
  project(event, facts) {
    if (event.type === 'MailQueued') return [queued(event, facts)];
    return [{ id: event.data.mailId, set: { ...changeOf(event), ...attemptIn(event), revision: event.revision } }];
  },
};

type Recorded<Type> = Extract<RecordedEvent<OutboxEvent>, { type: Type }>;

function queued(event: Recorded<'MailQueued'>, facts: OutboxMailFacts | null): DocumentChange<OutboxMailDocument> {
  const { userId, mailId: id, route, messageId, size } = event.data;
  if (facts === null) throw new Error(`Mail ${id} is on the record, but it is not kept.`);
  const [company = ''] = streamParts(event.stream);
  const queuedAt = event.metadata.at;
  const standing = { state: 'queued', retryAt: null, sentAs: null, attempts: {}, revision: event.revision } as const;
  return { id, set: { company, userId, route, messageId, size, queuedAt, ...facts, ...standing } };
}

function changeOf(event: Exclude<RecordedEvent<OutboxEvent>, { type: 'MailQueued' }>): Partial<OutboxMailDocument> {
  switch (event.type) {
    case 'MailSendingStarted':
      return { state: 'sending', retryAt: null };
    case 'MailAccepted':
      return { state: 'accepted' };
    case 'MailPartlyAccepted':
    case 'MailPostponed':
      return { state: 'queued', retryAt: event.data.retryAt };
    case 'MailFailed':
      return { state: 'failed' };
    case 'MailOutcomeUnknown':
      return { state: 'unknown' };
    case 'MailOutcomeDecided':
      return decidedAs(event.data.sent);
    case 'MailRetryRequested':
      return { state: 'queued' };
    case 'MailCancelled':
      return { state: 'cancelled', retryAt: null };
    case 'SenderRewritten':
      return { sentAs: event.data.used };
    case 'MailBounced':
      return {};
  }
}

const decidedAs = (sent: boolean) => ({ state: sent ? 'accepted' : 'failed' }) as const;
