import { Injectable } from '@nestjs/common';
import { type RejectionDefinition } from '@libs/eventsourcing';
import { type Language } from '../../platform/http/index.js';
import { type Caller } from '../../platform/security/index.js';
import { MailParsing } from '../inbox/index.js';
import { KeptMails } from './composing/kept-mails.js';
import { type AttemptResponse, type OutboxDetail, type OutboxSummary } from './outbox.dto.js';
import { reject } from './outbox.errors.js';
import { type Refused } from './outbox.events.js';
import { type OutboxAttempt, OutboxAttemptsView } from './read-model/outbox-attempts.view.js';
import { type OutboxMail, OutboxMailsView } from './read-model/outbox-mails.view.js';
import { sendingProblems } from './sending-problems.errors.js';

/** Sent mail as its author reads it: what was sent, and what became of it. */
@Injectable()
export class OutboxReading {
  constructor(
    private readonly mails: OutboxMailsView,
    private readonly attempts: OutboxAttemptsView,
    private readonly kept: KeptMails,
    private readonly parsing: MailParsing,
  ) {}

  async summaries(company: string, mails: readonly OutboxMail[], language: Language): Promise<OutboxSummary[]> {
    const attempts = await this.attempts.of(company, mails.map(({ id }) => id)); // prettier-ignore
    return mails.map((mail) => toSummary(mail, attempts.get(mail.id) ?? [], language));
  }

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
    const [summary] = await this.summaries(company, [mail], language);
    const attachmentUrl = `/api/v1/outbox/messages/${encodeURIComponent(id)}/attachments/{index}`;
    const { text, safeHtml, blockedRemote, attachments } = await this.parsing.read(source, {
      remoteContent,
      attachmentUrl,
    });
    const files = attachments.map(({ index, name, type, size, inline }) => ({ index, name, type, size, inline }));
    const { inReplyTo, revision } = mail;
    const content = { inReplyTo, text, html: safeHtml, blockedRemote, attachments: files };
    return { message: { ...summary!, ...content }, revision };
  }

  /** The MIME as composed. Refuses with `outbox_message_not_found`. */
  async source({ company, userId }: Caller, id: string): Promise<Buffer> {
    const mail = await this.mails.find(company, userId, id);
    const source = mail ? await this.kept.source(company, id) : null;
    if (source === null) throw reject('outbox_message_not_found');
    return source;
  }
}

function toSummary(mail: OutboxMail, attempts: readonly OutboxAttempt[], language: Language): OutboxSummary {
  const { id, state, route, from, subject, preview, messageId, queuedAt, size, hasAttachments, retryAt, sentAs } = mail;
  return {
    ...{ id, state, route, from, subject, preview, messageId, queuedAt, size, hasAttachments, retryAt, sentAs },
    to: [...mail.to],
    cc: [...mail.cc],
    bcc: [...mail.bcc],
    attempts: attempts.map((attempt) => toAttempt(attempt, mail.recipients, language)),
  };
}

const texts: Readonly<Record<string, RejectionDefinition>> = sendingProblems;

function toAttempt(attempt: OutboxAttempt, recipients: readonly string[], language: Language): AttemptResponse {
  const { at, outcome, code, status, refused } = attempt;
  const problem = code === null ? null : (texts[code] ?? sendingProblems.sending_failed);
  return {
    at,
    outcome,
    code,
    detail: problem?.detail({ code: status ?? '-' })[language] ?? null,
    fixableBy: problem?.fixableBy ?? null,
    refused: refused.map((one) => toRefused(one, outcome, recipients, language)),
  };
}

function toRefused(
  { recipient, reply, status, temporary }: Refused,
  outcome: OutboxAttempt['outcome'],
  recipients: readonly string[],
  language: Language,
): AttemptResponse['refused'][number] {
  const reported = outcome === 'bounced' || outcome === 'delayed';
  const code = reported
    ? temporary ? 'delivery_delayed' : 'bounced'
    : temporary ? 'recipient_deferred' : 'recipient_refused'; // prettier-ignore
  const said = [reply, status].filter((part) => part !== null).join(' ') || '-';
  const detail = sendingProblems[code].detail({ code: said })[language];
  return { address: recipients[recipient] ?? '', code, detail, reply, status };
}
