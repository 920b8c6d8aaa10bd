export {
  authErrors,
  type Caller,
  callerOf,
  CurrentCaller,
  Metadata,
  Public,
  type Role,
  Roles,
  TokenVerifier,
} from './auth/index.js';
export {
  CredentialKeyError,
  credentialErrors,
  CredentialVault,
  generatedKeys,
  isPersonForgotten,
  PersonalKeys,
} from './credentials/index.js';
export { SecurityModule } from './security.module.js';
