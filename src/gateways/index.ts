export {
  type Diagnosis,
  type DiagnosisCode,
  type DiagnosisRequest,
  type DiagnosisStep,
  type DiagnosisStepName,
  settingProblem,
  type SettingProblem,
} from './diagnosis/diagnosis.js';
export { documentedFailures } from './diagnosis/failure-text.js';
export {
  APP_REFUSED,
  GatewayError,
  type GatewayFailure,
  type GoogleGrantEnd,
  type LoginRemedy,
} from './gateway.errors.js';
export { type ReadableAccount } from './gateway-for.js';
export { GatewaysModule } from './gateways.module.js';
export { type MailAccount, type MailServerAddress } from './mail-account.js';
export { type GmailAccount, gmailWorld } from './gmail/gmail-account.js';
export { GoogleGateway } from './gmail/google-gateway.js';
export type { GoogleAppFault, GoogleFault } from './gmail/identity/google-fault.js';
export { type GoogleClient, GoogleIdentityError, type GoogleTokens } from './gmail/identity/google-token-endpoint.js';
export { returnedError } from './graph/identity/identity-answer.js';
export { identityFault, type IdentityFault } from './graph/identity/identity-fault.js';
export { bareScope, IdentityError, type TokenSet } from './graph/identity/token-endpoint.js';
export { MicrosoftGateway, type MicrosoftProfile } from './graph/microsoft-gateway.js';
export { MailGateways } from './mail-gateways.js';
export { type Cursor, type MailBatch } from './mail-reader.port.js';
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
export { type AccessTokens, type GraphAccount, graphWorld, type KnownLocators } from './oauth-account.js';
export { type OAuthService, oauthServiceOf } from './oauth-only-hosts.js';
