import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import {
  type Cursor,
  type MailBatch,
  type MailReader,
  type ReadRequest,
} from '../../../src/gateways/mail-reader.port.js';

/** A mail on the server. */
export interface ServerMail {
  readonly uid: number;
  readonly source: Buffer;
  readonly receivedAt: Date;
  /** The server does not hand it over. */
  readonly locked?: boolean;
}

/** The instant from which mail is wanted. */
export const SINCE = new Date('2026-11-01T00:00:00+09:00');

/** An INBOX in memory and the reader for it: keeps the port's promises, and changes as a test says. */
export class FakeInbox implements MailReader {
  mails: ServerMail[] = [];
  uidValidity = 1;
  batchSize = 3;
  /** Server and protocol; another one is another world of cursors. */
  source = 's1 imap mail.example:993';
  since = SINCE;
  /** Cursors as the reader gave them, to see what comes back. */
  readonly cursorsSeen: (Cursor | null)[] = [];
  /** What a cursor holds besides; for cursors that are large. */
  ballast: readonly string[] = [];
  #nextUid = 1;

  deliver(source: string | Buffer, over: Partial<ServerMail> = {}): ServerMail {
    const receivedAt = new Date(SINCE.getTime() + this.#nextUid * 60_000);
    const mail = { uid: this.#nextUid++, source: Buffer.from(source), receivedAt, ...over };
    this.mails.push(mail);
    return mail;
  }

  /** The server was restored: every UID means something else now. */
  resetUidValidity(): void {
    this.uidValidity += 1;
    this.#nextUid = 1;
    this.mails = this.mails.map((mail) => ({ ...mail, uid: this.#nextUid++ }));
  }

  /** The same mailbox by another way, with cursors of its own. */
  changeProtocol(): void {
    this.source = this.source.includes('imap') ? 's1 pop3 mail.example:995' : 's1 imap mail.example:993';
    this.resetUidValidity();
  }

  async *changesSince({ cursor, since }: ReadRequest): AsyncGenerator<MailBatch> {
    this.cursorsSeen.push(cursor);
    if (cursor && (cursor as { uidValidity?: unknown }).uidValidity !== String(this.uidValidity)) {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'uid_validity_changed' });
    }
    const lastUid = cursor ? (cursor as { lastUid: number }).lastUid : 0;
    const behind = this.mails.filter(({ uid }) => uid > lastUid);
    const wanted = behind.filter(({ receivedAt }) => receivedAt >= since);
    const oldest = this.mails.reduce<Date | null>((least, { receivedAt }) => earlier(least, receivedAt), null);
    const pass = { found: wanted.length, oldestOnServer: cursor ? null : oldest };
    for (let from = 0; from < wanted.length; from += this.batchSize) {
      const batch = wanted.slice(from, from + this.batchSize);
      yield { ...pass, ...this.#content(batch), cursor: this.#cursor(batch.at(-1)!.uid) };
    }
    if (wanted.length === 0) {
      yield { ...pass, mails: [], unreadable: [], cursor: this.#cursor(behind.at(-1)?.uid ?? lastUid) };
    }
    await Promise.resolve();
  }

  #content(batch: readonly ServerMail[]): Pick<MailBatch, 'mails' | 'unreadable'> {
    const locatorOf = ({ uid }: ServerMail): string => `${this.uidValidity}/${uid}`;
    return {
      mails: batch
        .filter(({ locked }) => !locked)
        .map((mail) => ({ locator: locatorOf(mail), source: mail.source, receivedAt: mail.receivedAt })),
      unreadable: batch
        .filter(({ locked }) => locked)
        .map((mail) => ({ locator: locatorOf(mail), receivedAt: mail.receivedAt, reason: 'command_refused' })),
    };
  }

  #cursor(lastUid: number): Cursor {
    const ballast = this.ballast.length > 0 ? { uidls: this.ballast } : {};
    return { protocol: 'imap', uidValidity: String(this.uidValidity), lastUid, ...ballast };
  }
}

const earlier = (least: Date | null, date: Date): Date => (least === null || date < least ? date : least);

/** A small mail; equal arguments give equal bytes. */
export const mailOf = (name: string, text = `text of ${name}`): string =>
  [
    'From: Sender <sender@customer.example>',
    `Message-ID: <${name}@customer.example>`,
    'Date: Mon, 02 Nov 2026 09:00:00 +0900',
    `Subject: ${name}`,
    '',
    text,
    '',
  ].join('\r\n');
