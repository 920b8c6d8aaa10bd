import { type Decider } from '@libs/eventsourcing';
import { personDecider } from '../../../src/modules/audit/forgetting/person.decider.js';
import { auditExportDecider } from '../../../src/modules/audit/export/audit-export.decider.js';
import { refusedAttemptsDecider } from '../../../src/modules/audit/refusals/refused-attempts.decider.js';
import { retentionDecider } from '../../../src/modules/audit/retention/retention.decider.js';
import { mailErasureDecider } from '../../../src/modules/inbox/erasing/mail-erasure.decider.js';
import { inboxDecider } from '../../../src/modules/inbox/inbox.decider.js';
import { messageSharingDecider } from '../../../src/modules/inbox/sharing/message-sharing.decider.js';
import { legacyCampaignDecider } from '../../../src/modules/legacy-settings/campaign/legacy-campaign.decider.js';
import { googleApiSettingDecider } from '../../../src/modules/mail-server/google-api-setting/google-api-setting.decider.js';
import { adminConsentDecider } from '../../../src/modules/user-mail-setting/admin-consent/admin-consent.decider.js';
import { mailServerDecider } from '../../../src/modules/mail-server/mail-server.decider.js';
import { outboxDecider } from '../../../src/modules/outbox/outbox.decider.js';
import { userMailSettingDecider } from '../../../src/modules/user-mail-setting/user-mail-setting.decider.js';

/** Who folds the streams of each category. */
export const deciders = {
  mailServer: mailServerDecider,
  googleApiSetting: googleApiSettingDecider,
  userMailSetting: userMailSettingDecider,
  office365Consent: adminConsentDecider,
  inbox: inboxDecider,
  message: messageSharingDecider,
  mailErasure: mailErasureDecider,
  outboxMail: outboxDecider,
  legacyCampaign: legacyCampaignDecider,
  auditExport: auditExportDecider,
  refusedAttempts: refusedAttemptsDecider,
  person: personDecider,
  retention: retentionDecider,
} as unknown as Readonly<Record<string, Decider<unknown, never, never>>>;
