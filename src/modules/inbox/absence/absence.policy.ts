import { type MailPlace } from '../../../gateways/mail-finder.port.js';

/** Why a mail that somebody misses is not in the list, as far as our record and the mail server say. */
export const ABSENCE_REASONS = [
  'here',
  'quarantined',
  'mailbox_not_connected',
  'mailbox_paused',
  'before_import_day',
  'not_yet_fetched',
  'on_server',
  'in_junk',
  'in_trash',
  'in_other_folder',
  'not_on_server',
  'not_in_inbox',
] as const;
export type AbsenceReason = (typeof ABSENCE_REASONS)[number];

/** What the record says of the mailbox, and of mails like the one that is missed. */
export interface AbsenceFacts {
  /** Mails here that are like it. */
  readonly here: number;
  /** Mails in quarantine that may be it. */
  readonly quarantined: number;
  readonly state: string;
  /** Something keeps the mailbox from being read at present. */
  readonly hasProblem: boolean;
  readonly importRunning: boolean;
  /** The instant from which mail is received; null: nothing is. */
  readonly receiveFrom: string | null;
  /** When the mailbox was last looked into to the end. */
  readonly lastCheckedAt: string | null;
  /** The day on which it should have come, from its first to its last instant; null: the question does not say. */
  readonly day: { readonly start: string; readonly end: string } | null;
}

/** What the mail server says of mails like it. */
export interface ServerFacts {
  /** Where it is there; the most telling place of several. null: it was not found. */
  readonly place: MailPlace | null;
  /** When the server received it; null: it does not say, or has none. */
  readonly receivedAt: string | null;
  /** What was not found is not in the INBOX. */
  readonly complete: boolean;
}

/** A reason that needs no server to be asked; null: only the server knows. Instants in UTC, RFC 3339. Pure. */
export function reasonOnRecord(facts: AbsenceFacts): AbsenceReason | null {
  const { here, state, hasProblem } = facts;
  if (here > 0) return 'here';
  if (state !== 'in_use' && state !== 'action_required') return 'mailbox_not_connected';
  if (isBeforeImport(facts)) return 'before_import_day';
  if (state !== 'action_required' && !hasProblem) return null;
  return facts.quarantined > 0 ? 'quarantined' : 'mailbox_paused';
}

/**
 * The first that applies: what is certain comes before what is only likely. Pure.
 * @param server null: it could not be asked
 */
export function absenceReasonOf(facts: AbsenceFacts, server: ServerFacts | null): AbsenceReason {
  const onRecord = reasonOnRecord(facts);
  if (onRecord !== null) return onRecord;
  const onServer = server && reasonOnServer(facts, server);
  if (onServer) return onServer;
  if (facts.quarantined > 0) return 'quarantined';
  if (server?.complete) return 'not_on_server';
  return wasLookedThrough(facts) ? 'not_in_inbox' : 'not_yet_fetched';
}

function reasonOnServer(facts: AbsenceFacts, { place, receivedAt }: ServerFacts): AbsenceReason | null {
  switch (place) {
    case null:
      return null;
    case 'inbox':
      if (receivedAt !== null && facts.receiveFrom !== null && receivedAt < facts.receiveFrom)
        return 'before_import_day';
      return facts.quarantined > 0 ? 'quarantined' : 'on_server';
    case 'junk':
      return 'in_junk';
    case 'trash':
      return 'in_trash';
    case 'other':
      return 'in_other_folder';
  }
}

const isBeforeImport = ({ day, receiveFrom }: AbsenceFacts): boolean =>
  day !== null && receiveFrom !== null && day.end <= receiveFrom;

/** Whether the mailbox was looked into to the end since the mail should have come. */
function wasLookedThrough({ importRunning, lastCheckedAt, day }: AbsenceFacts): boolean {
  return !importRunning && lastCheckedAt !== null && (day === null || lastCheckedAt >= day.start);
}
