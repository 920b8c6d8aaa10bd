export { CurrentCaller, Metadata, Public, Roles } from './auth.decorators.js';
export { authErrors } from './auth.errors.js';
export { AuthGuard } from './auth.guard.js';
export { type Caller, callerOf, type Role, ROLES } from './caller.js';
export { commandMetadata } from './command-metadata.js';
export { TokenVerifier } from './token-verifier.js';
