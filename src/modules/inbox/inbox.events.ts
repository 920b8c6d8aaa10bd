import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** Where reading goes on; only the reader that made it understands it. */
export type StoredCursor = Readonly<Record<string, unknown>>;

/** What was received of one mail: its id and whether colleagues may read it. The mail itself is never in an event. */
export interface ReceivedMail {
  readonly id: string;
  readonly shared: boolean;
  /** It could not be read; its source is kept, where the server handed one over. */
  readonly quarantined?: true;
}

/** What reading a kept mail once more came to. */
export interface RereadMail {
  readonly id: string;
  /** It can still not be read. */
  readonly quarantined?: true;
  /** The mail that the server would not hand over before, and that this one takes the place of. */
  readonly replaces?: string;
  /** Of a mail that takes another's place: what was decided for that one. */
  readonly shared?: boolean;
}

/** How the import that the user asked for goes, or went (R29, R30). */
export interface ImportStanding {
  /** The day the user chose, in Japan time; null: only new mail. */
  readonly day: string | null;
  readonly startedAt: string;
  readonly completed: boolean;
  /** How many mails the server held for it. */
  readonly found: number;
  readonly imported: number;
  /** Mails that could not be read, those among them that were here already included. */
  readonly quarantined: number;
  /** Readable mails that were here already, such as by another protocol. */
  readonly known: number;
  readonly oldestOnServer: string | null;
}

/**
 * Where receiving stands after an event. Every event of the stream carries it whole, so that reading the last one
 * is enough, however long the stream gets.
 */
export interface Standing {
  /** The server and protocol that the cursor belongs to. */
  readonly source: string;
  /** The instant from which mail is wanted. */
  readonly since: string;
  readonly cursor: StoredCursor | null;
  readonly phase: 'importing' | 'reconciling' | 'receiving';
  readonly import: ImportStanding;
}

interface Stood {
  readonly userId: string;
  readonly standing: Standing;
}

/** Receiving starts from the beginning: at first, for an earlier day, or from another server. */
export type ImportStarted = DomainEvent<
  'ImportStarted',
  Stood & { readonly reason: 'first' | 'earlier_day' | 'other_source' }
>;
/** The user chose a later day: what is here stays, what lies before it comes no more. */
export type ReceivingNarrowed = DomainEvent<'ReceivingNarrowed', Stood>;
/** A batch is in. The append of this event is the commit: ids, share decisions and cursor together (R41). */
export type MailsReceived = DomainEvent<'MailsReceived', Stood & { readonly messages: readonly ReceivedMail[] }>;
/** Everything that the server held from the chosen day on is here. */
export type ImportCompleted = DomainEvent<'ImportCompleted', Stood>;
/** The server no longer knows the place where reading stopped; everything is compared anew. */
export type CursorReset = DomainEvent<'CursorReset', Stood & { readonly reason: string }>;
/** After a reset: everything that the server holds is here again. */
export type InboxReconciled = DomainEvent<'InboxReconciled', Stood>;

/** Mails that are here were read once more from their sources: because somebody asked, or by a better decoder. */
export type MailsReread = DomainEvent<
  'MailsReread',
  Stood & { readonly messages: readonly RereadMail[]; readonly cause: 'asked' | 'parser_changed' }
>;

export type InboxEvent =
  ImportStarted | ReceivingNarrowed | MailsReceived | ImportCompleted | CursorReset | InboxReconciled | MailsReread;

export const inboxEvents = defineEvents<InboxEvent>()({
  ImportStarted: { personal: [] },
  ReceivingNarrowed: { personal: [] },
  MailsReceived: { personal: [] },
  ImportCompleted: { personal: [] },
  CursorReset: { personal: [] },
  InboxReconciled: { personal: [] },
  MailsReread: { personal: [] },
});

export const INBOX = 'inbox';
export const inboxStream = (company: string, userId: string): string => streamName(INBOX, company, userId);
