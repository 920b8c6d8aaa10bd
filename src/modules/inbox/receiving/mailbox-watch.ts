import { Injectable, Logger } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { EventStore } from '../../../platform/event-store/index.js';
import { Metrics } from '../../../platform/observability/index.js';
import { mailboxProblems } from '../../user-mail-setting/index.js';
import { type InboxEvent, inboxStream } from '../inbox.events.js';
import { type CheckedMailbox, MailboxStatistics } from './mailbox-statistics.js';
import { MessageStore } from './message-store.js';
import { silenceAfterMs } from './silence.policy.js';
import { UnreadMails } from './unread-mails.js';

/** Mailboxes whose cursor is compared with the record in one round. */
const SAMPLE = 50;

/**
 * Watches what no single look can see: mailboxes that nobody looks into any more, although nothing fails, and whether
 * cursors stay behind what is stored ("cursor ≤ last durably stored event"): a newer cursor than the record's may only
 * stand behind an event that is there, and every mail that the last event names has to be kept.
 */
@Injectable()
export class MailboxWatch {
  private readonly logger = new Logger(MailboxWatch.name);
  private readonly violations;
  private silentBefore: ReadonlySet<string> = new Set();
  private sampledUpTo: string | null = null;

  constructor(
    private readonly statistics: MailboxStatistics,
    private readonly events: EventStore,
    private readonly messages: MessageStore,
    private readonly unread: UnreadMails,
    @InjectConfig() private readonly config: AppConfig,
    metrics: Metrics,
  ) {
    this.violations = metrics.counter({
      name: 'hrbc_mail_cursor_violations_total',
      help: 'Mailboxes found with a cursor ahead of what is durably stored; must stay 0',
    });
    this.violations.inc(0);
    metrics.gauge({
      name: 'hrbc_mail_mailboxes',
      help: 'Mailboxes that are to be read, by what keeps them from it at present (none: nothing)',
      labelNames: ['problem'],
      collect: async (gauge) => {
        const counts = await this.statistics.countByProblem(Object.keys(mailboxProblems));
        for (const [problem, count] of counts) gauge.set({ problem }, count);
      },
    });
    metrics.gauge({
      name: 'hrbc_mail_mailboxes_silent',
      help: 'Mailboxes without a sign of life for ten intervals, whether or not anything failed',
      collect: async (gauge) => gauge.set(await this.statistics.countSilent(this.silenceLimit())),
    });
    metrics.gauge({
      name: 'hrbc_mail_receive_lag_seconds',
      help: 'For how long the mailbox has been due that has waited longest; 0: none waits',
      collect: async (gauge) => gauge.set(await this.statistics.lagSeconds(new Date())),
    });
  }

  /** One round: tells of mailboxes that have fallen silent since the last, and checks some cursors. */
  async round(): Promise<void> {
    await this.tellOfSilence();
    await this.checkCursors();
  }

  private async tellOfSilence(): Promise<void> {
    const silent = await this.statistics.silent(this.silenceLimit(), 1_000);
    for (const { _id, company, userId, aliveAt } of silent) {
      if (this.silentBefore.has(_id)) continue;
      this.logger.error({ company, userId, aliveAt }, 'A mailbox has shown no sign of life for ten intervals.');
    }
    this.silentBefore = new Set(silent.map(({ _id }) => _id));
  }

  private async checkCursors(): Promise<void> {
    const sample = await this.statistics.behind(this.sampledUpTo, SAMPLE);
    this.sampledUpTo = sample.length < SAMPLE ? null : (sample.at(-1)?._id ?? null);
    for (const mailbox of sample) {
      if (await this.holds(mailbox)) continue;
      this.violations.inc();
      const { company, userId } = mailbox;
      this.logger.error({ company, userId }, 'The cursor of a mailbox is ahead of what is stored.');
    }
  }

  private async holds({ company, userId, hint }: CheckedMailbox): Promise<boolean> {
    const { events, head } = await this.events.readLast<InboxEvent>(inboxStream(company, userId));
    if (hint !== null && (head === null || hint.revision > head.revision)) return false;
    const last = events.at(-1);
    if (last?.type !== 'MailsReceived' && last?.type !== 'MailsReread') return true;
    const ids = last.data.messages.map(({ id }) => id);
    const kept = await this.messages.factsOf(ids);
    const missing = ids.filter((id) => !kept.has(id));
    return (await this.unread.factsOf(missing)).size === missing.length;
  }

  private silenceLimit(): Date {
    return new Date(Date.now() - silenceAfterMs(this.config.mail.pollIntervalSeconds));
  }
}
