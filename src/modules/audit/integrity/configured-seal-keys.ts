import { type Provider } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { generatedKeys } from '../../../platform/security/index.js';
import { SealKeys } from './seal-keys.js';

/** AUDIT_SEAL_KEYS, or keys that follow from CREDENTIAL_KEYS, or from those of the sandbox. */
export const configuredSealKeys: Provider = {
  provide: SealKeys,
  inject: [APP_CONFIG],
  useFactory: async (config: AppConfig) => sealKeysOf(config),
};

export async function sealKeysOf({ auditSealKeys, credentialKeys, stores }: AppConfig): Promise<SealKeys> {
  if (auditSealKeys) return new SealKeys(auditSealKeys);
  return SealKeys.derivedFrom(credentialKeys ?? (await generatedKeys(stores.dataDirectory)));
}
