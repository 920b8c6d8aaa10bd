export { ADMIN_CONSENT, adminConsentEvents } from './admin-consent/admin-consent.events.js';
export { consentProblems } from './consent/consent-problems.errors.js';
export { type OAuthProvider, OAuthProviders } from './consent/oauth-provider.js';
export { PendingConsents } from './consent/pending-consents.js';
export { type ImportReport, MailboxActivity, type MailboxProblem, type MailboxReport } from './mailbox-activity.js';
export { type MailboxProblemCode, mailboxProblems } from './mailbox-problems.errors.js';
export { MailSettingRecord } from './mail-setting-record.js';
export { type MailSetting, MailSettingsView } from './read-model/mail-settings.view.js';
export { MailboxTokens } from './tokens/mailbox-tokens.js';
export { type OAuthAccount, type PasswordAccount } from './user-mail-setting.decider.js';
export { japanDayOf, startOfJapanDay } from './import-day.policy.js';
export {
  ExpireLegacySetting,
  ForceReRegistration,
  ImportLegacySetting,
  RemindOfMigration,
} from './legacy-setting.commands.js';
export { legacyProblems } from './legacy-problems.errors.js';
export { type SettingChange, TakeOverAccount } from './legacy-setting.handlers.js';
export { RequireAction } from './user-mail-setting.commands.js';
export { userMailSettingErrors } from './user-mail-setting.errors.js';
export { USER_MAIL_SETTING, type UserMailSettingEvent, userMailSettingEvents } from './user-mail-setting.events.js';
export { UserMailSettingModule } from './user-mail-setting.module.js';
