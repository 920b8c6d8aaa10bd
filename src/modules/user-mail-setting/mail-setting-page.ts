import { type RejectionDefinition } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Language } from '../../platform/http/index.js';
import { type Caller } from '../../platform/security/index.js';
import { type MailServer, MailServersView } from '../mail-server/index.js';
import { MailboxActivity, type MailboxProblem } from './mailbox-activity.js';
import { mailboxProblems } from './mailbox-problems.errors.js';
import { type MailSetting, MailSettingsView } from './read-model/mail-settings.view.js';
import { type MailSettingResponse } from './user-mail-setting.dto.js';

/** More servers than this no company has; the choice shows the first ones. */
const MOST_CHOICES = 200;

/** Puts together what the user sees of the own mail setting. It asks no provider: a page never waits for one. */
@Injectable()
export class MailSettingPage {
  constructor(
    private readonly settings: MailSettingsView,
    private readonly servers: MailServersView,
    private readonly activity: MailboxActivity,
  ) {}

  async of(caller: Caller, language: Language): Promise<{ page: MailSettingResponse; revision: number | null }> {
    const { company, userId } = caller;
    const [setting, servers, report] = await Promise.all([
      this.settings.find(company, userId),
      this.servers.list(company, MOST_CHOICES, null),
      this.activity.reportOf(company, userId),
    ]);
    const page = {
      ...settingPart(setting, servers, caller),
      availableMailServers: servers.map(({ id, name, description }) => ({ id, name, service: description.service })),
      recommendedShareByDefault: caller.position !== 'executive',
      problem: problemOf(setting, report.problem, language),
      lastCheckedAt: report.lastCheckedAt,
      lastReceivedAt: report.lastReceivedAt,
      import: report.import,
      quarantined: report.quarantined,
    };
    return { page, revision: setting?.revision ?? null };
  }
}

function settingPart(setting: MailSetting | null, servers: readonly MailServer[], caller: Caller) {
  const account = setting?.account ?? null;
  const server = servers.find(({ id }) => id === account?.mailServerId);
  return {
    state: setting?.status ?? 'none',
    service: server?.description.service ?? (account ? ('other' as const) : null),
    mailServerId: account?.mailServerId ?? null,
    address: account?.address ?? caller.email,
    accountName: account?.accountName ?? null,
    encryption: account?.encryption ?? null,
    importSince: setting?.details?.importSince ?? null,
    shareByDefault: setting?.details?.shareByDefault ?? null,
  };
}

/** What a person has to do comes first; otherwise whatever keeps the mailbox from being read at present. */
function problemOf(setting: MailSetting | null, current: MailboxProblem | null, language: Language) {
  if (setting?.status !== 'in_use' && setting?.status !== 'action_required') return null;
  const problem = setting.actionRequired ?? current;
  if (problem === null) return null;
  const texts: Readonly<Record<string, RejectionDefinition>> = mailboxProblems;
  const text = texts[problem.code] ?? mailboxProblems.mailbox_read_failed;
  return { code: problem.code, since: problem.since, fixableBy: text.fixableBy, detail: text.detail({})[language] };
}
