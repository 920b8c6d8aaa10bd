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
