import { MailUnreadable } from '@libs/mail-parsing';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { MailParsing } from '../mail-parsing.js';
import { type KeptMail, MessageStore, type Stranger } from './message-store.js';

/** A machine may send any number of mails with one Date and Subject; the nearest in time are looked into. */
const LOOKED_INTO = 20;

/**
 * Pairs mails that have no Message-ID (old scanners and carriers send such) with kept ones of another world. Date and
 * From alone may be those of many, so both are read, and they are the same mail only where they say the same: texts,
 * recipients and attachments, whatever their bytes look like. What is not quite the same is another mail, and is kept.
 */
@Injectable()
export class NamelessMails {
  constructor(
    private readonly parsing: MailParsing,
    private readonly messages: MessageStore,
  ) {}

  async pairs(
    company: string,
    mails: readonly KeptMail[],
    strangers: readonly Stranger[],
  ): Promise<(readonly [KeptMail, Stranger])[]> {
    const free = new Set(strangers);
    const found: (readonly [KeptMail, Stranger])[] = [];
    for (const mail of mails) {
      const partner = await this.partnerOf(company, mail, nearest(mail, [...free]));
      if (partner === null) continue;
      free.delete(partner);
      found.push([mail, partner]);
    }
    return found;
  }

  private async partnerOf(
    company: string,
    { source }: KeptMail,
    candidates: readonly Stranger[],
  ): Promise<Stranger | null> {
    const said = candidates.length === 0 ? null : await this.saidBy(source);
    if (said === null) return null;
    for (const candidate of candidates) {
      const kept = await this.messages.source(company, candidate.id);
      if (kept !== null && (await this.saidBy(kept)) === said) return candidate;
    }
    return null;
  }

  /** A digest of what a reader of the mail gets; null: it cannot be read. */
  private async saidBy(source: Buffer): Promise<string | null> {
    try {
      const { subject, to, cc, text, html, attachments } = await this.parsing.read(source, {});
      const contents: unknown[] = [];
      for (const { index, name } of attachments) {
        const bytes = (await this.parsing.attachment(source, index))?.bytes ?? new Uint8Array();
        contents.push([name, createHash('sha256').update(bytes).digest('hex')]);
      }
      const addresses = [...to, ...cc].map(({ address }) => address.toLowerCase());
      const words = (text ?? html ?? '').replace(/\s+/g, ' ').trim();
      return JSON.stringify([subject, addresses, words, contents]);
    } catch (error) {
      if (error instanceof MailUnreadable) return null;
      throw error;
    }
  }
}

function nearest({ headerIdentity, summary, receivedAt }: KeptMail, strangers: readonly Stranger[]): Stranger[] {
  const apart = (stranger: Stranger): number => Math.abs(stranger.receivedAt.getTime() - receivedAt.getTime());
  return strangers
    .filter((stranger) => stranger.headerIdentity === headerIdentity && stranger.summary.subject === summary.subject)
    .sort((a, b) => apart(a) - apart(b))
    .slice(0, LOOKED_INTO);
}
