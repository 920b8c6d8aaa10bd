import type { FetchMessageObject } from 'imapflow';
import { GatewayError } from '../gateway.errors.js';
import type { ReaderLimits } from '../reader-limits.js';
import type { ImapSession } from './imap-session.js';
import { uidSet } from './uid-set.js';

/** What became of each UID asked for; those in neither map are no longer in the INBOX. */
export interface ImapSources {
  readonly sources: ReadonlyMap<number, Buffer>;
  /** UID → why the mail cannot be had. */
  readonly unreadable: ReadonlyMap<number, string>;
}

const TRIES = 3;
/** When none of so many mails can be read it is the server that is ill, not the mails. */
const SUSPICIOUSLY_MANY = 5;
/** RFC822.SIZE is an estimate on some servers (Exchange), but not by this much. */
const SIZE_SLACK = 2;

/**
 * Fetches the sources of a batch. Mails that the server does not hand over with the others are asked for one by one,
 * three times, on a new connection where the old one broke: one bad mail neither stops the mailbox nor is lost.
 * Throws a GatewayError when the server as a whole fails.
 */
export async function fetchSources(
  session: ImapSession,
  uids: readonly number[],
  expectedBytes: number,
  limits: ReaderLimits,
): Promise<ImapSources> {
  const sources = await fetchTogether(session, uids, expectedBytes, limits);
  const unreadable = new Map<number, string>();
  const missing = uids.filter((uid) => !sources.has(uid));
  let failure: unknown;
  for (const uid of missing) {
    const outcome = await fetchAlone(session, uid, limits);
    if (outcome instanceof Buffer) sources.set(uid, outcome);
    else if (outcome instanceof GatewayError) {
      failure = outcome;
      unreadable.set(uid, reasonOf(outcome));
    }
  }
  if (unreadable.size === uids.length && uids.length >= SUSPICIOUSLY_MANY) throw failure;
  return { sources, unreadable };
}

async function fetchTogether(
  session: ImapSession,
  uids: readonly number[],
  expectedBytes: number,
  limits: ReaderLimits,
): Promise<Map<number, Buffer>> {
  const sources = new Map<number, Buffer>();
  const most = SIZE_SLACK * Math.max(expectedBytes, limits.batchBytes);
  let bytes = 0;
  try {
    const connection = await session.connection();
    await connection.fetch(uidSet(uids), { uid: true, source: true }, limits.batchMs, ({ uid, source }) => {
      bytes += source?.length ?? 0;
      if (bytes > most) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
      if (source) sources.set(uid, source);
    });
  } catch (error) {
    if (!mayBeOneMailsFault(error)) throw error;
  }
  return sources;
}

/** The source; null if the mail is gone; the failure of the last try if it cannot be read. */
async function fetchAlone(
  session: ImapSession,
  uid: number,
  limits: ReaderLimits,
): Promise<Buffer | null | GatewayError> {
  for (let attempt = 1; ; attempt++) {
    const connection = await session.connection();
    const answers: FetchMessageObject[] = [];
    try {
      await connection.fetch(`${uid}`, { uid: true, source: true }, limits.batchMs, (message) => {
        if (message.uid === uid) answers.push(message);
      });
      if (answers.length === 0) return null;
      const source = answers.find((message) => message.source)?.source;
      if (source) return source;
      throw unreadable(uid, 'no_content');
    } catch (error) {
      if (!mayBeOneMailsFault(error)) throw error;
      if (attempt === TRIES) return error as GatewayError;
    }
  }
}

/** Lost connections and refused commands may be; a withdrawn login, a limit or an end by us are not. */
function mayBeOneMailsFault(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { failure } = error;
  if (failure.kind === 'Unavailable') return failure.detail !== 'aborted' && failure.detail !== 'server_unavailable';
  return failure.kind === 'MessageUnreadable' || failure.kind === 'Unknown';
}

function reasonOf({ failure }: GatewayError): string {
  return 'detail' in failure ? failure.detail : failure.kind;
}

function unreadable(uid: number, detail: string): GatewayError {
  return new GatewayError({ kind: 'MessageUnreadable', locator: `${uid}`, detail });
}
