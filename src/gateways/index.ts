export {
  type Diagnosis,
  type DiagnosisCode,
  type DiagnosisRequest,
  type DiagnosisStep,
  type DiagnosisStepName,
  settingProblem,
  type SettingProblem,
} from './diagnosis/diagnosis.js';
export { GatewaysModule } from './gateways.module.js';
export { type MailAccount, type MailServerAddress } from './mail-account.js';
export { MailGateways } from './mail-gateways.js';
export {
  type Commit,
  type FromCheck,
  type MailSender,
  type PreparedMail,
  type RefusedRecipient,
  type SendOutcome,
  type SentSearch,
} from './mail-sender.port.js';
export { MailSenders, type SendingAccount } from './mail-senders.js';
export { type OAuthService, oauthServiceOf } from './oauth-only-hosts.js';
