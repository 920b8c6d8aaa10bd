export { CompanyKeys } from './company-keys.js';
export { type CredentialEntry, CredentialVault } from './credential-vault.js';
export { credentialErrors } from './credentials.errors.js';
export { CredentialsModule } from './credentials.module.js';
export { CredentialKeyError } from './key-ring.js';
export { PersonalKeys } from './personal-keys.js';
export { isSealedText } from './sealed-text.js';
