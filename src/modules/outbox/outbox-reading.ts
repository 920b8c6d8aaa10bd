import { Injectable } from '@nestjs/common';
import { type Readable } from 'node:stream';
import { type Language } from '../../platform/http/index.js';
import { type Caller } from '../../platform/security/index.js';
import { ShownMails } from '../inbox/index.js';
import { KeptMails } from './composing/kept-mails.js';
import { type OutboxDetail } from './outbox.dto.js';
import { reject } from './outbox.errors.js';
import { toSummary } from './outbox-summary.js';
import { OutboxMailsView } from './read-model/outbox-mails.view.js';

/** Sent mail as its author reads it: what was sent, and what became of it. */
@Injectable()
export class OutboxReading {
  constructor(
    private readonly mails: OutboxMailsView,
    private readonly kept: KeptMails,
    private readonly shown: ShownMails,
  ) {}

  /** Refuses with `outbox_message_not_found`. */
  async detail(
    { company, userId }: Caller,
    id: string,
    language: Language,
    remoteContent: 'block' | 'allow',
  ): Promise<{ readonly message: OutboxDetail; readonly revision: number }> {
    const mail = await this.mails.find(company, userId, id);
    const source = mail ? await this.kept.source(company, id) : null;
    if (!mail || source === null) throw reject('outbox_message_not_found');
    const { text, shownHtml, htmlPolicy, blockedRemote, attachments } = await this.shown.read(source, remoteContent);
    const files = attachments.map(({ index, name, type, size, inline }) => ({ index, name, type, size, inline }));
    const { inReplyTo, revision } = mail;
    const content = { inReplyTo, text, html: shownHtml, htmlPolicy, blockedRemote, attachments: files };
    return { message: { ...toSummary(mail, language), ...content }, revision };
  }

  /** The MIME as composed, piece by piece. Refuses with `outbox_message_not_found`. */
  async stream({ company, userId }: Caller, id: string): Promise<Readable> {
    const mail = await this.mails.find(company, userId, id);
    if (!mail || !(await this.kept.isReadable(company, id))) throw reject('outbox_message_not_found');
    return this.kept.stream(company, id);
  }

  /** The same in one piece. */
  async source({ company, userId }: Caller, id: string): Promise<Buffer> {
    const mail = await this.mails.find(company, userId, id);
    const source = mail ? await this.kept.source(company, id) : null;
    if (source === null) throw reject('outbox_message_not_found');
    return source;
  }
}
