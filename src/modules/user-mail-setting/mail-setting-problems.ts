import { type RejectionCatalogue, type RejectionParams } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import { type Language } from '../../platform/http/index.js';
import { AdminConsentLinks } from './admin-consent/admin-consent-links.js';
import { AdminConsentsView } from './admin-consent/admin-consents.view.js';
import { textForAdministrator } from './admin-consent/text-for-administrator.js';
import { consentProblems } from './consent/consent-problems.errors.js';
import { legacyProblemOf } from './legacy-problem.js';
import { legacyProblems } from './legacy-problems.errors.js';
import { type MailboxProblem } from './mailbox-activity.js';
import { mailboxProblems } from './mailbox-problems.errors.js';
import { type MailSetting } from './read-model/mail-settings.view.js';
import { type MailSettingResponse } from './user-mail-setting.dto.js';

const TEXTS: RejectionCatalogue = { ...mailboxProblems, ...consentProblems, ...legacyProblems };

interface Problem {
  readonly code: string;
  readonly since: string;
  readonly params?: RejectionParams;
}

/** What keeps a mailbox from being read, told to the user it concerns. */
@Injectable()
export class MailSettingProblems {
  constructor(
    private readonly links: AdminConsentLinks,
    private readonly consents: AdminConsentsView,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  /** null: there is none. */
  async of(
    company: string,
    setting: MailSetting | null,
    current: MailboxProblem | null,
    language: Language,
  ): Promise<MailSettingResponse['problem']> {
    const problem = mostUrgent(setting, current, this.config.mail.basicAuthEnforcedFrom);
    if (problem === null) return null;
    const { code, since, params = {} } = problem;
    const text = TEXTS[code] ?? mailboxProblems.mailbox_read_failed;
    const detail = text.detail(params)[language];
    const forAdmin = code === 'admin_consent_required' ? await this.textForAdmin(company, language) : null;
    return { code, since, fixableBy: text.fixableBy, detail, ...(forAdmin !== null && { textForAdmin: forAdmin }) };
  }

  private async textForAdmin(company: string, language: Language): Promise<string | null> {
    const { tenantId } = await this.consents.find(company);
    const link = await this.links.of(company, tenantId);
    return link === null ? null : textForAdministrator(link, language);
  }
}

/**
 * What a person has to do comes first, and of two such things what was met last: who has tried to sign in again wants to
 * know why that failed. Otherwise whatever keeps the mailbox from being read at present.
 */
function mostUrgent(
  setting: MailSetting | null,
  current: MailboxProblem | null,
  enforcedFrom: string | null,
): Problem | null {
  if (setting === null) return null;
  const { actionRequired, consentRefused, status } = setting;
  const refused = consentRefused && {
    ...consentRefused,
    params: { ...consentRefused, consentedAddress: consentRefused.consentedAddress ?? '' },
  };
  const required = actionRequired ?? legacyProblemOf(setting, enforcedFrom);
  if (required !== null) return refused && refused.since > required.since ? refused : required;
  return (status === 'in_use' ? current : null) ?? refused;
}
