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
export { type OAuthService, oauthServiceOf } from './oauth-only-hosts.js';
