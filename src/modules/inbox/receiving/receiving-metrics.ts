import { Injectable } from '@nestjs/common';
import { Metrics } from '../../../platform/observability/index.js';
import { type MailboxProblemCode } from '../../user-mail-setting/index.js';
import { type StoredBatch } from './batch-storage.js';

/** How a look ended: well, unfinished, or with a problem. */
export type LookOutcome = 'finished' | 'made_place' | 'paced' | 'cursor_reset' | 'given_up' | MailboxProblemCode;

/** What this instance has received. */
@Injectable()
export class ReceivingMetrics {
  private readonly looks;
  private readonly batches;
  private readonly mails;

  constructor(metrics: Metrics) {
    this.looks = metrics.counter({
      name: 'hrbc_mail_mailbox_looks_total',
      help: 'Looks into mailboxes by how they ended',
      labelNames: ['outcome'],
    });
    this.batches = metrics.counter({
      name: 'hrbc_mail_import_batches_total',
      help: 'Batches of received mail that are stored and on the record',
    });
    this.mails = metrics.counter({
      name: 'hrbc_mail_received_mails_total',
      help: 'Mails of those batches: new ones, ones that were here already, and ones that cannot be read',
      labelNames: ['outcome'],
    });
  }

  looked(outcome: LookOutcome): void {
    this.looks.inc({ outcome });
  }

  batchIn({ fresh, known, knownQuarantined }: StoredBatch): void {
    const quarantined = fresh.filter((mail) => mail.quarantined).length;
    this.batches.inc();
    this.mails.inc({ outcome: 'new' }, fresh.length - quarantined);
    this.mails.inc({ outcome: 'quarantined' }, quarantined);
    this.mails.inc({ outcome: 'known' }, known + knownQuarantined);
  }
}
