export { type AppConfig, SANDBOX_JWKS_PATH } from './app-config.js';
export { APP_CONFIG, ConfigModule, InjectConfig } from './config.module.js';
export { ConfigurationError, type ConfigurationFault } from './configuration.error.js';
export { loadConfig } from './environment.js';
export { type CredentialKey } from './variable-types.js';
