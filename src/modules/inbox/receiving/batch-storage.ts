import { Injectable } from '@nestjs/common';
import { type FetchedMail, type MailBatch } from '../../../gateways/mail-reader.port.js';
import { MailParsing, type ParsedForImport } from '../mail-parsing.js';
import { InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { headerIdentityOf, messageIdOf } from './message-identity.js';
import { type KeptMail, MessageStore } from './message-store.js';

/** A batch that is safe on disk, and of which an event may speak. */
export interface StoredBatch {
  readonly fresh: readonly { readonly id: string; readonly quarantined: boolean }[];
  /** Mails that were here already. */
  readonly known: number;
}

/** Parses the mails of a batch, tells new ones from known ones, and keeps the new ones. */
@Injectable()
export class BatchStorage {
  constructor(
    private readonly parsing: MailParsing,
    private readonly messages: MessageStore,
    private readonly view: InboxMessagesView,
  ) {}

  /** The caller has seen to it that the view shows everything of this mailbox that is on the record. */
  async store(company: string, userId: string, batch: MailBatch): Promise<StoredBatch> {
    const parsed = await this.parsing.forImport(batch.mails.map(({ source }) => source));
    const mails = new Map<string, KeptMail>();
    batch.mails.forEach((mail, index) => {
      const kept = toKeptMail(company, userId, mail, parsed[index]!);
      if (!mails.has(kept.id)) mails.set(kept.id, kept);
    });
    const known = await this.view.knownOf(company, [...mails.keys()]);
    const fresh = [...mails.values()].filter(({ id }) => !known.has(id));
    await this.messages.keep(fresh);
    return {
      fresh: fresh.map(({ id, unreadable }) => ({ id, quarantined: unreadable !== null })),
      known: batch.mails.length - fresh.length,
    };
  }
}

function toKeptMail(company: string, userId: string, mail: FetchedMail, parsed: ParsedForImport): KeptMail {
  const { identity, summary, unreadable } = parsed;
  return {
    id: messageIdOf(company, userId, identity),
    company,
    userId,
    headerIdentity: headerIdentityOf(company, userId, identity),
    receivedAt: mail.receivedAt,
    locator: mail.locator,
    summary: { ...summary, size: mail.source.length },
    unreadable,
    source: mail.source,
  };
}
