/** Why a mail that somebody misses is not in the list, as far as our record says. */
export type AbsenceReason =
  | 'here'
  | 'quarantined'
  | 'mailbox_not_connected'
  | 'mailbox_paused'
  | 'before_import_day'
  | 'not_yet_fetched'
  | 'not_in_inbox';

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

/** The first that applies: what is certain comes before what is only likely. Instants in UTC, RFC 3339. Pure. */
export function absenceReasonOf(facts: AbsenceFacts): AbsenceReason {
  const { here, quarantined, state, hasProblem, receiveFrom, day } = facts;
  if (here > 0) return 'here';
  if (state !== 'in_use' && state !== 'action_required') return 'mailbox_not_connected';
  if (day !== null && receiveFrom !== null && day.end <= receiveFrom) return 'before_import_day';
  if (quarantined > 0) return 'quarantined';
  if (state === 'action_required' || hasProblem) return 'mailbox_paused';
  return wasLookedThrough(facts) ? 'not_in_inbox' : 'not_yet_fetched';
}

/** Whether the mailbox was looked into to the end since the mail should have come. */
function wasLookedThrough({ importRunning, lastCheckedAt, day }: AbsenceFacts): boolean {
  return !importRunning && lastCheckedAt !== null && (day === null || lastCheckedAt >= day.start);
}
