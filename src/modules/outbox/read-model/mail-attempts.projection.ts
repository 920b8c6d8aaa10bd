import { type RecordedEvent } from '@libs/eventsourcing';
import { type OutboxEvent, type Refused } from '../outbox.events.js';

/** `bounced` and `delayed` are reports that came later; `decided_…` is what the author said. */
export type AttemptOutcome =
  | 'sending'
  | 'accepted'
  | 'partly_accepted'
  | 'postponed'
  | 'failed'
  | 'unknown'
  | 'bounced'
  | 'delayed'
  | 'decided_sent'
  | 'decided_not_sent';

/** How far one attempt at a mail has come, or one later word about the mail. */
export interface OutboxAttempt {
  readonly at: string;
  readonly outcome: AttemptOutcome;
  readonly code: string | null;
  /** Enhanced status code of a report. */
  readonly status: string | null;
  readonly refused: readonly Refused[];
}

/** Where an attempt stands in its mail: one place for an attempt, whatever becomes of it. */
export type AttemptPath = `attempts.${string}`;

/** What the event adds to the attempts of its mail; null: nothing. */
export function attemptIn(event: RecordedEvent<OutboxEvent>): Readonly<Record<AttemptPath, OutboxAttempt>> | null {
  if ('attempt' in event.data) return attemptOf(event as Recorded<OfAttempt>);
  if (event.type !== 'MailOutcomeDecided' && event.type !== 'MailBounced') return null;
  return { [`attempts.r${digits(event.revision)}`]: { ...NOTHING, at: event.metadata.at, ...wordOf(event) } };
}

const attemptOf = (event: Recorded<OfAttempt>): Readonly<Record<AttemptPath, OutboxAttempt>> => ({
  [`attempts.a${digits(event.data.attempt)}`]: { ...NOTHING, at: event.metadata.at, ...howFar(event) },
});

const NOTHING = { code: null, status: null, refused: [] } as const;
const digits = (number: number): string => String(number).padStart(6, '0');

type Recorded<Type> = Extract<RecordedEvent<OutboxEvent>, { type: Type }>;
type OfAttempt =
  'MailSendingStarted' | 'MailAccepted' | 'MailPartlyAccepted' | 'MailPostponed' | 'MailFailed' | 'MailOutcomeUnknown';
type Said = Pick<OutboxAttempt, 'outcome'> & Partial<OutboxAttempt>;

function howFar(event: Recorded<OfAttempt>): Said {
  switch (event.type) {
    case 'MailSendingStarted':
      return { outcome: 'sending' };
    case 'MailAccepted':
      return { outcome: 'accepted', refused: event.data.refused };
    case 'MailPartlyAccepted':
      return { outcome: 'partly_accepted', code: 'sending_deferred', refused: event.data.refused };
    case 'MailPostponed':
      return { outcome: 'postponed', code: event.data.code, refused: event.data.refused };
    case 'MailFailed':
      return { outcome: 'failed', code: event.data.code, refused: event.data.refused };
    case 'MailOutcomeUnknown':
      return { outcome: 'unknown', code: event.data.code };
  }
}

/** What was learned or said about a mail after it was tried. */
function wordOf(event: Recorded<'MailOutcomeDecided' | 'MailBounced'>): Said {
  if (event.type === 'MailOutcomeDecided') return { outcome: event.data.sent ? 'decided_sent' : 'decided_not_sent' };
  const { recipient, status, action } = event.data;
  const temporary = action === 'delayed';
  const refused = recipient === null ? [] : [{ recipient, reply: null, status, temporary }];
  const [outcome, code] = temporary ? (['delayed', 'delivery_delayed'] as const) : (['bounced', 'bounced'] as const);
  return { outcome, code, status, refused };
}
