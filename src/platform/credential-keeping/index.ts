export { CredentialKeeper } from './credential-keeper.js';
export { CredentialKeepingModule } from './credential-keeping.module.js';
export { CredentialSweep } from './credential-sweep.js';
