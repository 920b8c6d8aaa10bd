import { Injectable } from '@nestjs/common';
import { type ImportReport, MailboxActivity, mailboxProblems, type MailboxReport } from '../user-mail-setting/index.js';
import { InboxMessagesView } from './read-model/inbox-messages.view.js';
import { type MailboxProgressDocument } from './read-model/mailbox-progress.projection.js';
import { MailboxProgressView } from './read-model/mailbox-progress.view.js';
import { type MailboxCondition, MailboxQueue } from './receiving/mailbox-queue.js';

/** Tells the mail setting how receiving goes. */
@Injectable()
export class MailboxReporting {
  constructor(
    private readonly queue: MailboxQueue,
    private readonly progress: MailboxProgressView,
    private readonly messages: InboxMessagesView,
    activity: MailboxActivity,
  ) {
    activity.register(this);
  }

  async reportOf(company: string, userId: string): Promise<MailboxReport> {
    const [condition, progress, lastReceivedAt] = await Promise.all([
      this.queue.conditionOf(company, userId),
      this.progress.find(company, userId),
      this.messages.lastReceivedAt(company, userId),
    ]);
    return {
      lastCheckedAt: condition?.lastCheckedAt ?? null,
      lastReceivedAt: lastReceivedAt?.toISOString() ?? null,
      problem: problemOf(condition),
      import: progress ? importOf(progress, condition) : null,
    };
  }
}

function problemOf(condition: MailboxCondition | null): MailboxReport['problem'] {
  if (!condition?.failure) return null;
  const { code, since } = condition.failure;
  return { code, since, fixableBy: mailboxProblems[code].fixableBy };
}

/** An import that nobody works on any more has failed until the mailbox is connected again. */
function importOf({ import: standing }: MailboxProgressDocument, condition: MailboxCondition | null): ImportReport {
  const { day, completed, found, imported, quarantined, known, oldestOnServer } = standing;
  const state = completed ? 'completed' : condition?.active ? 'running' : 'failed';
  return { state, since: day, found, imported: imported + known, quarantined, oldestOnServer };
}
