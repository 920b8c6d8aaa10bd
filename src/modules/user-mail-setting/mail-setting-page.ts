import { Injectable } from '@nestjs/common';
import { type Language } from '../../platform/http/index.js';
import { type Caller } from '../../platform/security/index.js';
import { type MailServer, MailServersView } from '../mail-server/index.js';
import { MailboxActivity } from './mailbox-activity.js';
import { MailSettingProblems } from './mail-setting-problems.js';
import { type MailSetting, MailSettingsView } from './read-model/mail-settings.view.js';
import { type Account } from './user-mail-setting.decider.js';
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
    private readonly problems: MailSettingProblems,
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
      problem: await this.problems.of(company, setting, report.problem, language),
      lastCheckedAt: report.lastCheckedAt,
      lastReceivedAt: report.lastReceivedAt,
      import: report.import,
      quarantined: report.quarantined,
    };
    return { page, revision: setting?.revision ?? null };
  }
}

function settingPart(setting: MailSetting | null, servers: readonly MailServer[], caller: Caller) {
  const { account = null, status = 'none', predecessor = null } = setting ?? {};
  return {
    state: status,
    ...(account ? accountPart(account, servers) : { ...NO_ACCOUNT, ...oldPart(predecessor, caller) }),
    ...detailsPart(setting),
  };
}

/** What an old setting had chosen is proposed for the new one. */
function detailsPart(setting: MailSetting | null) {
  const details = setting?.details ?? setting?.predecessor?.details;
  return { importSince: details?.importSince ?? null, shareByDefault: details?.shareByDefault ?? null };
}

function oldPart(predecessor: MailSetting['predecessor'], { email }: Caller) {
  return predecessor === null
    ? { service: null, address: email }
    : { service: predecessor.service, address: predecessor.address };
}

const NO_ACCOUNT = { service: null, mailServerId: null, accountName: null, encryption: null } as const;

function accountPart(account: Account, servers: readonly MailServer[]) {
  const { mailServerId, address } = account;
  const server = servers.find(({ id }) => id === mailServerId);
  const service = server?.description.service ?? account.service;
  const { accountName, encryption } = account.service === 'other' ? account : NO_ACCOUNT;
  return { service, mailServerId, address, accountName, encryption };
}
