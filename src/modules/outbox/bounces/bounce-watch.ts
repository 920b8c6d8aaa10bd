import { Injectable, Logger } from '@nestjs/common';
import { GatewayError, type MailAccount, type MailBatch, MailGateways } from '../../../gateways/index.js';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { newId } from '../../../platform/ids.js';
import { Metrics } from '../../../platform/observability/index.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { BounceCursor } from './bounce-cursor.js';
import { bounceAccount } from './bounce-mailbox.js';
import { BounceRecord } from './bounce-record.js';

export const BOUNCE_JOB = 'read-bounces';
/** A crash delays the next look by as much. Two who look at once do no harm: what one has recorded, the other does not. */
const LEASE_MS = 10_000;
/** Mail systems give up after five days (RFC 5321, 4.5.4.1); older reports tell nothing that was not told before. */
const LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1_000;

/**
 * Reads the mailbox to which mail systems report what they could not deliver. The mailbox stays as it is: nothing in it
 * is deleted or marked. The cursor is kept after everything before it is on the record, so a crash loses no report.
 */
@Injectable()
export class BounceWatch {
  private readonly logger = new Logger(BounceWatch.name);
  private readonly holder = newId();
  private readonly account: MailAccount | null;
  private readonly mailbox: string;
  private readonly reports;
  private readonly up;
  private trouble: string | null = null;

  constructor(
    private readonly gateways: MailGateways,
    private readonly cursors: BounceCursor,
    private readonly record: BounceRecord,
    private readonly leases: Leases,
    metrics: Metrics,
    @InjectConfig() { mail }: AppConfig,
  ) {
    this.account = mail.bounceMailboxUrl === null ? null : bounceAccount(mail.bounceMailboxUrl);
    this.mailbox = this.account === null ? '' : `${this.account.accountName}@${this.account.host}:${this.account.port}`;
    this.reports = metrics.counter({
      name: 'hrbc_mail_bounce_reports_total',
      help: 'Mails in the mailbox for reports, by what they turned out to be',
      labelNames: ['outcome'],
    });
    this.up = metrics.gauge({
      name: 'hrbc_mail_bounce_mailbox_up',
      help: '1 while the mailbox for reports can be read',
    });
  }

  /** One look; a periodic job. Instances take turns. */
  async look(signal: AbortSignal): Promise<void> {
    if (this.account === null) return;
    const lease = await this.leases.take(BOUNCE_JOB, this.holder, LEASE_MS);
    if (lease === null) return;
    try {
      await this.read(this.account, signal, () => this.leases.renew(BOUNCE_JOB, this.holder, lease.fence, LEASE_MS));
      this.wentWell();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (!signal.aborted) await this.wentWrong(error);
    } finally {
      await this.leases.release(BOUNCE_JOB, this.holder, lease.fence);
    }
  }

  private async read(account: MailAccount, signal: AbortSignal, goOn: () => Promise<boolean>): Promise<void> {
    const cursor = await this.cursors.of(this.mailbox);
    const since = new Date(Date.now() - LOOK_BACK_MS);
    for await (const batch of this.gateways.ownReaderFor(account).changesSince({ cursor, since, signal })) {
      await this.take(batch);
      await this.cursors.keep(this.mailbox, batch.cursor);
      if (signal.aborted || !(await goOn())) return;
    }
  }

  private async take({ mails, unreadable }: MailBatch): Promise<void> {
    for (const { source } of mails) this.reports.inc({ outcome: await this.record.take(source) });
    if (unreadable.length > 0) this.reports.inc({ outcome: 'unreadable' }, unreadable.length);
  }

  private wentWell(): void {
    this.up.set(1);
    if (this.trouble !== null) this.logger.log('The mailbox for delivery reports can be read again.');
    this.trouble = null;
  }

  /** Told once, not at every look. */
  private async wentWrong({ failure }: GatewayError): Promise<void> {
    this.up.set(0);
    if (failure.kind === 'CursorInvalid') await this.cursors.forget(this.mailbox);
    const trouble = JSON.stringify(failure);
    if (trouble !== this.trouble) this.logger.warn({ failure }, 'The mailbox for delivery reports cannot be read.');
    this.trouble = trouble;
  }
}
