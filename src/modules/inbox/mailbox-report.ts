import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import {
  type ImportReport,
  MailboxActivity,
  type MailboxProblem,
  type MailboxProblemCode,
  mailboxProblems,
  type MailboxReport,
  MailSettingsView,
} from '../user-mail-setting/index.js';
import { InboxMessagesView } from './read-model/inbox-messages.view.js';
import { type MailboxProgressDocument } from './read-model/mailbox-progress.projection.js';
import { MailboxProgressView } from './read-model/mailbox-progress.view.js';
import { type MailboxCondition, MailboxQueue } from './receiving/mailbox-queue.js';
import { silentSince } from './receiving/silence.policy.js';

/** Tells the mail setting how receiving goes. */
@Injectable()
export class MailboxReporting {
  constructor(
    private readonly queue: MailboxQueue,
    private readonly progress: MailboxProgressView,
    private readonly messages: InboxMessagesView,
    private readonly settings: MailSettingsView,
    @InjectConfig() private readonly config: AppConfig,
    activity: MailboxActivity,
  ) {
    activity.register(this);
  }

  async reportOf(company: string, userId: string): Promise<MailboxReport> {
    const [condition, progress, lastReceivedAt, quarantined, setting] = await Promise.all([
      this.queue.conditionOf(company, userId),
      this.progress.find(company, userId),
      this.messages.lastReceivedAt(company, userId),
      this.messages.countQuarantined(company, userId),
      this.settings.find(company, userId),
    ]);
    const wanted = setting?.status === 'in_use' ? setting.details : null;
    return {
      lastCheckedAt: condition?.lastCheckedAt ?? null,
      lastReceivedAt: lastReceivedAt?.toISOString() ?? null,
      problem: this.problemOf(condition),
      import: importOf(wanted?.importSince, progress, condition),
      quarantined,
    };
  }

  /** What the last look ran into; failing that, that there has been none for too long. */
  problemOf(condition: MailboxCondition | null): MailboxProblem | null {
    if (!condition?.active) return null;
    if (condition.failure) return toProblem(condition.failure);
    const since = silentSince(condition.aliveAt, this.config.mail.pollIntervalSeconds, new Date());
    return since && toProblem({ code: 'mailbox_silent', since: since.toISOString() });
  }
}

const toProblem = ({ code, since }: { code: MailboxProblemCode; since: string }): MailboxProblem => ({
  code,
  since,
  fixableBy: mailboxProblems[code].fixableBy,
});

/**
 * An import that was asked for runs, also in the moment before the first look; one that nobody works on any more has
 * failed until the mailbox is connected again.
 * @param wantedDay the day that the setting says (null: only new mail); undefined while it is not in use
 */
function importOf(
  wantedDay: string | null | undefined,
  progress: MailboxProgressDocument | null,
  condition: MailboxCondition | null,
): ImportReport | null {
  if (wantedDay !== undefined && (!progress || isEarlier(wantedDay, progress.import.day))) {
    return { ...NOTHING_YET, since: wantedDay };
  }
  if (!progress) return null;
  const { day, completed, found, imported, quarantined, known, oldestOnServer } = progress.import;
  const state = completed ? 'completed' : condition?.active ? 'running' : 'failed';
  return { state, since: day, found, imported: imported + known, quarantined, oldestOnServer };
}

const isEarlier = (day: string | null, than: string | null): boolean => day !== null && (than === null || day < than);

const NOTHING_YET = { state: 'running', found: 0, imported: 0, quarantined: 0, oldestOnServer: null } as const;
