import { Injectable } from '@nestjs/common';
import { type MailSetting, MailSettingsView } from '../../user-mail-setting/index.js';
import { MailboxReporting } from '../mailbox-report.js';
import { InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { MailboxQueue } from '../receiving/mailbox-queue.js';

/** A mailbox and what keeps it from being read, if anything. */
export interface MailboxStanding {
  readonly userId: string;
  readonly address: string | null;
  readonly state: MailSetting['status'];
  readonly mailServerId: string | null;
  readonly problem: { readonly code: string; readonly since: string } | null;
}

/** One fault, however many mailboxes it concerns. */
export interface SharedFault {
  readonly code: string;
  readonly mailServerId: string | null;
  readonly count: number;
  /** When the first of them was struck. */
  readonly since: string;
}

export interface OverviewSummary {
  readonly total: number;
  readonly states: Readonly<Record<string, number>>;
  /** Most mailboxes first. */
  readonly faults: readonly SharedFault[];
  /** Mails of the company that cannot be read. */
  readonly quarantined: number;
}

/**
 * All mailboxes of a company with what is wrong with them (for its admins). The settings say which there are, the queue
 * how they fare; both are read whole, since the summary is about all of them: two finds, growing with the company.
 */
@Injectable()
export class MailboxOverview {
  constructor(
    private readonly settings: MailSettingsView,
    private readonly queue: MailboxQueue,
    private readonly reporting: MailboxReporting,
    private readonly messages: InboxMessagesView,
  ) {}

  /** Every mailbox that was ever set up, by user id, and the summary over them. */
  async of(company: string): Promise<{ mailboxes: readonly MailboxStanding[]; summary: OverviewSummary }> {
    const [settings, conditions, quarantined] = await Promise.all([
      this.settings.ofCompany(company),
      this.queue.conditionsOf(company),
      this.messages.countQuarantined(company),
    ]);
    const mailboxes = settings.map((setting): MailboxStanding => {
      const { userId, account, status: state, actionRequired } = setting;
      const current = state === 'in_use' ? this.reporting.problemOf(conditions.get(userId) ?? null) : null;
      const problem = state === 'action_required' ? actionRequired : current;
      return { userId, address: account?.address ?? null, state, mailServerId: account?.mailServerId ?? null, problem };
    });
    return { mailboxes, summary: { ...summaryOf(mailboxes), quarantined } };
  }
}

/** Pure. */
export function summaryOf(mailboxes: readonly MailboxStanding[]): Omit<OverviewSummary, 'quarantined'> {
  const states: Record<string, number> = {};
  const faults = new Map<string, SharedFault>();
  for (const { state, problem, mailServerId } of mailboxes) {
    states[state] = (states[state] ?? 0) + 1;
    if (problem === null) continue;
    const { code, since } = problem;
    const key = JSON.stringify([code, mailServerId]);
    const before = faults.get(key);
    const first = before && before.since < since ? before.since : since;
    faults.set(key, { code, mailServerId, count: (before?.count ?? 0) + 1, since: first });
  }
  const most = [...faults.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  return { total: mailboxes.length, states, faults: most };
}
