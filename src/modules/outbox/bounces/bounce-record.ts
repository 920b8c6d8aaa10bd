import { Injectable } from '@nestjs/common';
import { type CommandMetadata } from '@libs/eventsourcing';
import { readDeliveryReport } from '@libs/mail-parsing';
import { createHash } from 'node:crypto';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { KeptMails } from '../composing/kept-mails.js';
import { RecordBounce } from '../outbox.commands.js';
import { outboxDecider } from '../outbox.decider.js';
import { outboxMailStream } from '../outbox.events.js';
import { MailTags } from './mail-tags.js';
import { reportedOf } from './reported-mail.js';

/** `foreign`: a report, and about no mail of ours. `no_report`: something else. */
export type ReportOutcome = 'recorded' | 'foreign' | 'no_report';

/** Puts on the record of a mail what a report says about its delivery. Bears repetition. */
@Injectable()
export class BounceRecord {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly mails: KeptMails,
    private readonly tags: MailTags,
  ) {}

  async take(source: Buffer): Promise<ReportOutcome> {
    const report = readDeliveryReport(source);
    if (report === null) return 'no_report';
    const mailId = this.tags.mailIdIn(report.places);
    const mail = mailId === null ? null : await this.mails.addresseesOf(mailId);
    if (mailId === null || mail === null) return 'foreign';
    const reportId = createHash('sha256').update(source).digest('hex');
    for (const reported of reportedOf(report.recipients, mail.recipients)) {
      const command = new RecordBounce({ mailId, reportId, ...reported }, metadataFor(mail.company));
      await this.runner.run(outboxDecider, outboxMailStream(mail.company, mailId), command, { awaitEffect: false });
    }
    return 'recorded';
  }
}

function metadataFor(company: string): CommandMetadata {
  const correlationId = newId();
  return {
    company,
    actor: { kind: 'system', name: 'bounces' },
    at: new Date().toISOString(),
    correlationId,
    causationId: correlationId,
  };
}
