export { googleApiSettingErrors } from './google-api-setting/google-api-setting.errors.js';
export {
  GOOGLE_API_SETTING,
  type GoogleApiSettingEvent,
  googleApiSettingEvents,
} from './google-api-setting/google-api-setting.events.js';
export { type GoogleApp, GoogleApps } from './google-api-setting/google-apps.js';
export { googleRedirectUri } from './google-api-setting/google-redirect-uri.js';
export { RegisterMailServer } from './mail-server.commands.js';
export { mailServerErrors } from './mail-server.errors.js';
export {
  type ConnectionSecurity,
  MAIL_SERVER,
  type MailServerEvent,
  mailServerEvents,
  type MailService,
  type Protocol,
} from './mail-server.events.js';
export { MailServerRecord } from './mail-server-record.js';
export { MailServerModule } from './mail-server.module.js';
export { type MailServerUse, MailServerUsage } from './mail-server-usage.js';
export { type MailServer, MailServersView } from './read-model/mail-servers.view.js';
