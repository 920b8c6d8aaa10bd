import { isPlausibleDate } from '../plausible-date.js';
import { receivedDate } from '../received-date.js';
import type { ImapConnection } from './imap-connection.js';
import { uidSet } from './uid-set.js';

/** What an INBOX holds behind a UID; two numbers a mail, since an INBOX may hold hundreds of thousands. */
export interface ImapScan {
  /** Mails received at or after `since`: UIDs, ascending, and beside them when each was received (milliseconds). */
  readonly uids: readonly number[];
  readonly receivedAt: readonly number[];
  /** The highest UID looked at; `after` where there is none. */
  readonly lastUid: number;
  /** When the oldest of all mails looked at was received. */
  readonly oldest: Date | null;
}

/** Mails whose headers are asked for in one command. */
const HEADER_MAILS = 200;

/**
 * Lists the mails with a UID above `after` that were received at or after `since`.
 *
 * One FETCH of all INTERNALDATEs instead of SEARCH SINCE: SEARCH knows only days, in a time zone that is the server's
 * choice (RFC 9051, 6.4.4), while the day asked for is Japan's, to the second; and the oldest date (R30) needs all of
 * them anyway. Where an INTERNALDATE cannot be true, the mail's own headers decide, and if they say nothing the mail
 * is wanted: too much is better than too little.
 */
export async function scanInbox(connection: ImapConnection, after: number, since: Date): Promise<ImapScan> {
  const dates = await internalDates(connection, after);
  await correctImplausibleDates(connection, dates);
  const scan = { uids: [] as number[], receivedAt: [] as number[], lastUid: after, oldest: null as Date | null };
  let oldest = Infinity;
  for (const uid of [...dates.keys()].sort((a, b) => a - b)) {
    const at = dates.get(uid) ?? Number.NaN;
    scan.lastUid = uid;
    oldest = Math.min(oldest, Number.isNaN(at) ? Infinity : at);
    if (at < since.getTime()) continue; // NaN is not below anything
    scan.uids.push(uid);
    scan.receivedAt.push(at);
  }
  return { ...scan, oldest: oldest === Infinity ? null : new Date(oldest) };
}

async function internalDates(connection: ImapConnection, after: number): Promise<Map<number, number>> {
  const dates = new Map<number, number>();
  const { exists, uidNext } = connection.inbox;
  if (exists === 0 || (uidNext && uidNext <= after + 1)) return dates;
  await connection.fetch(`${after + 1}:*`, { uid: true, internalDate: true }, ({ uid, internalDate }) => {
    // `n:*` is never empty: beyond the end it means the last mail (RFC 9051, 9: "seq-range")
    if (uid > after) dates.set(uid, internalDate instanceof Date ? internalDate.getTime() : Number.NaN);
  });
  return dates;
}

async function correctImplausibleDates(connection: ImapConnection, dates: Map<number, number>): Promise<void> {
  const doubtful = [...dates].filter(([, at]) => !isPlausibleDate(at)).map(([uid]) => uid);
  for (let from = 0; from < doubtful.length; from += HEADER_MAILS) {
    const uids = doubtful.slice(from, from + HEADER_MAILS).sort((a, b) => a - b);
    const query = { uid: true, headers: ['Received', 'Date'] };
    await connection.fetch(uidSet(uids), query, ({ uid, headers }) => {
      const found = headers && receivedDate(headers);
      if (dates.has(uid)) dates.set(uid, found ? found.getTime() : Number.NaN);
    });
  }
}
