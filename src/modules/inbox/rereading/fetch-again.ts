import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../../gateways/gateway.errors.js';
import { type Cursor, type FetchedMail } from '../../../gateways/mail-reader.port.js';
import { KeptCursors } from '../receiving/kept-cursors.js';
import { ORIGINALS } from '../receiving/known-elsewhere.js';
import { MailboxOpener, type OpenMailbox } from '../receiving/open-mailbox.js';
import { type UnreadMail } from '../receiving/unread-mails.js';
import { reject } from '../inbox.errors.js';

/** How long somebody waits for one mail; the server may have to list much before it. */
const PATIENCE_MS = 60_000;

/** A mail, and the world in which it was met (known-elsewhere.ts). */
export interface MailAgain {
  readonly mail: FetchedMail;
  readonly world: string;
}

/** Asks the mail server once more for a mail that it would not hand over. */
@Injectable()
export class FetchAgain {
  constructor(
    private readonly opener: MailboxOpener,
    private readonly cursors: KeptCursors,
  ) {}

  /** The mail; the reason, as text, if it still cannot be had. Refuses when the mail or the mailbox cannot be reached. */
  async fetch(unread: UnreadMail): Promise<MailAgain | string> {
    const opening = await this.opener.open(unread.company, unread.userId);
    if (opening.kind !== 'open') throw reject('mailbox_not_connected');
    if (opening.mailbox.source !== unread.source) throw reject('mail_not_on_server');
    try {
      return await this.readUpTo(unread, opening.mailbox);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      throw reject(error.failure.kind === 'CursorInvalid' ? 'mail_not_on_server' : 'mailbox_unavailable');
    }
  }

  /** Reads on from just before the mail, as a pass would, and stops once it has come by. */
  private async readUpTo({ locator, before }: UnreadMail, mailbox: OpenMailbox): Promise<MailAgain | string> {
    const cursor = await this.cursors.resolve(before);
    for await (const { mails, unreadable, regeneratedBy } of mailbox.reader.changesSince({
      cursor: (cursor === 'lost' ? null : cursor) as Cursor | null,
      since: new Date(mailbox.receiveFrom),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })) {
      const mail = mails.find((one) => one.locator === locator);
      const still = unreadable.find((one) => one.locator === locator);
      if (mail) return { mail, world: regeneratedBy ?? ORIGINALS };
      if (still) return still.reason;
    }
    throw reject('mail_not_on_server');
  }
}
