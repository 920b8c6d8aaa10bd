export { type ImportReport, MailboxActivity, type MailboxProblem, type MailboxReport } from './mailbox-activity.js';
export { type MailboxProblemCode, mailboxProblems } from './mailbox-problems.errors.js';
export { MailSettingRecord } from './mail-setting-record.js';
export { type MailSetting, MailSettingsView } from './read-model/mail-settings.view.js';
export { RequireAction } from './user-mail-setting.commands.js';
export { userMailSettingErrors } from './user-mail-setting.errors.js';
export { USER_MAIL_SETTING, type UserMailSettingEvent, userMailSettingEvents } from './user-mail-setting.events.js';
export { UserMailSettingModule } from './user-mail-setting.module.js';
