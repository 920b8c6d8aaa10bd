import { Injectable } from '@nestjs/common';
import { type Attachment, composeMail, type Mailbox, toAddrSpec } from '@libs/mail-composing';
import { createHash } from 'node:crypto';
import { rejectHttp } from '../../../platform/http/index.js';
import { type Caller } from '../../../platform/security/index.js';
import { MailTags } from '../bounces/mail-tags.js';
import { reject } from '../outbox.errors.js';
import { TooManyBytes } from './byte-limit.js';
import { type KeptMail, KeptMails, type MailFacts } from './kept-mails.js';
import { type MailFormInput, mailboxIn } from './mail-input.js';
import { MailThread, type Thread } from './mail-thread.js';
import { senderFor } from './sender.policy.js';

/** A file that comes with the mail; its content is asked for once. */
export interface GivenAttachment extends Omit<Attachment, 'content'> {
  readonly size: number;
  /** SHA-256, hex. */
  readonly digest: string;
  readonly content: () => Attachment['content'];
}

/** What somebody asks to be sent. */
export interface AskedMail {
  readonly id: string;
  readonly caller: Caller;
  readonly input: MailFormInput;
  readonly attachments: readonly GivenAttachment[];
}

export interface MailToWrite extends AskedMail {
  /** Bytes of MIME that the way of sending takes. */
  readonly limit: number;
}

/** Header by which sent mail is found again: providers may replace the Message-ID and leave this alone. */
export const MAIL_ID_HEADER = 'X-HRBC-Mail-Id';
const PREVIEW_LENGTH = 200;

/** Makes a mail of what was asked for, and keeps it. Under one id there is one mail: that of the first time. */
@Injectable()
export class MailWriting {
  constructor(
    private readonly kept: KeptMails,
    private readonly threads: MailThread,
    private readonly tags: MailTags,
  ) {}

  /** The mail as it was written before under its id; null: it was not. Refuses with `idempotency_key_reused`. */
  async writtenBefore(mail: AskedMail): Promise<KeptMail | null> {
    const kept = await this.kept.askFor(mail.caller.company, mail.id);
    return kept === null ? null : sameAs(fingerprintOf(mail), kept);
  }

  /** Refuses with `from_not_allowed`, `in_reply_to_unknown`, `message_too_large` and `idempotency_key_reused`. */
  async write(mail: MailToWrite): Promise<KeptMail> {
    // Of two that write at once one is kept, and it may be the other.
    const fingerprint = fingerprintOf(mail);
    return sameAs(fingerprint, await this.compose(mail, fingerprint));
  }

  private async compose(mail: MailToWrite, fingerprint: string): Promise<KeptMail> {
    const { id, caller, input, attachments, limit } = mail;
    const from = senderFor(caller, input.from);
    const thread = await this.threads.of(caller, input.inReplyTo);
    const facts = { ...factsOf(mail, from, thread, fingerprint), messageId: this.messageIdOf(id, from) };
    const source = composeMail({
      ...facts,
      ...thread,
      text: input.text ?? null,
      html: input.html ?? null,
      attachments: attachments.map((attachment) => ({ ...attachment, content: attachment.content() })),
      date: new Date(),
      headers: { [MAIL_ID_HEADER]: id },
    });
    try {
      return await this.kept.keep(caller.company, id, facts, source, limit);
    } catch (error) {
      if (error instanceof TooManyBytes) throw reject('message_too_large', { limit }, { field: 'attachments' });
      throw error;
    }
  }

  /** RFC 5322, 3.6.4. It cannot be guessed, so a report that returns it has seen the mail. */
  private messageIdOf(id: string, { address }: Mailbox): string {
    return `<${this.tags.of(id)}@${toAddrSpec(address).split('@').at(-1)}>`;
  }
}

function sameAs(fingerprint: string, kept: KeptMail): KeptMail {
  if (kept.fingerprint !== fingerprint) throw rejectHttp('idempotency_key_reused');
  return kept;
}

function factsOf(
  { input, attachments }: AskedMail,
  from: Mailbox,
  thread: Thread,
  fingerprint: string,
): Omit<MailFacts, 'messageId'> {
  const [to, cc, bcc] = [input.to.map(mailboxIn), input.cc.map(mailboxIn), input.bcc.map(mailboxIn)];
  const everybody = [...to, ...cc, ...bcc].map(({ address }) => [address.toLowerCase(), address] as const);
  return {
    from,
    to,
    cc,
    bcc,
    subject: input.subject,
    preview: previewOf(input),
    hasAttachments: attachments.some(({ contentId }) => contentId === null),
    inReplyTo: thread.inReplyTo,
    recipients: [...new Map(everybody).values()],
    fingerprint,
  };
}

function previewOf({ text, html = '' }: MailFormInput): string {
  const words = text ?? html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/gi, ' ');
  return words.replace(/\s+/g, ' ').trim().slice(0, PREVIEW_LENGTH).toWellFormed();
}

function fingerprintOf({ input, attachments }: AskedMail): string {
  const files = attachments.map(({ name, type, contentId, digest }) => [name, type, contentId, digest]);
  return createHash('sha256')
    .update(JSON.stringify([Object.entries(input).sort(), files]))
    .digest('base64url');
}
