import type { FetchMessageObject } from 'imapflow';
import type { SourceFetcher } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import type { ReaderLimits } from '../reader-limits.js';
import type { ImapSession } from './imap-session.js';
import { uidSet } from './uid-set.js';

/** RFC822.SIZE is an estimate on some servers (Exchange), but not by this much. */
const SIZE_SLACK = 2;

/** Fetches mails by UID with BODY.PEEK[], which leaves \Seen alone (RFC 9051, 6.4.5). */
export class ImapSourceFetcher implements SourceFetcher<number> {
  constructor(
    private readonly session: ImapSession,
    private readonly limits: ReaderLimits,
    /** What the server said the mails have in all. */
    private readonly expectedBytes: number,
  ) {}

  async together(uids: readonly number[], take: (uid: number, source: Buffer) => void): Promise<void> {
    const most = SIZE_SLACK * Math.max(this.expectedBytes, this.limits.batchBytes);
    let bytes = 0;
    await this.#fetch(uids, ({ uid, source }) => {
      bytes += source?.length ?? 0;
      if (bytes > most) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
      if (source) take(uid, source);
    });
  }

  async alone(uid: number): Promise<Buffer | null> {
    const answers: FetchMessageObject[] = [];
    await this.#fetch([uid], (message) => answers.push(message));
    if (answers.length === 0) return null;
    const source = answers.find((message) => message.source)?.source;
    if (source) return source;
    throw new GatewayError({ kind: 'MessageUnreadable', locator: `${uid}`, detail: 'no_content' });
  }

  /** Answers about other mails, as servers may send them at any time, are passed over. */
  async #fetch(uids: readonly number[], visit: (message: FetchMessageObject) => void): Promise<void> {
    const wanted = new Set(uids);
    const connection = await this.session.connection();
    await connection.fetch(uidSet(uids), { uid: true, source: true }, (message) => {
      if (wanted.has(message.uid)) visit(message);
    });
  }
}
