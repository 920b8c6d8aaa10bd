import { Global, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/index.js';
import { CompanyKeys } from './company-keys.js';
import { CredentialVault } from './credential-vault.js';
import { generatedKeys } from './generated-keys.js';
import { CredentialKeyError, KeyRing } from './key-ring.js';
import { PersonalKeys } from './personal-keys.js';

/** Needs the mongoose connection of the application root. */
@Global()
@Module({
  providers: [
    {
      provide: KeyRing,
      inject: [APP_CONFIG],
      useFactory: async (config: AppConfig) =>
        new KeyRing(config.credentialKeys ?? (await generatedKeys(config.stores.dataDirectory))),
    },
    CompanyKeys,
    CredentialVault,
    PersonalKeys,
  ],
  exports: [CredentialVault, PersonalKeys, CompanyKeys],
})
export class CredentialsModule implements OnApplicationBootstrap {
  private readonly logger = new Logger('Credentials');

  constructor(private readonly keys: CompanyKeys) {}

  /** A new first key in CREDENTIAL_KEYS takes effect at start. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      const count = await this.keys.rewrap();
      if (count > 0) this.logger.log(`Wrapped the keys of ${count} companies under the first of the CREDENTIAL_KEYS.`);
    } catch (error) {
      // Other companies' credentials may be well: the service starts, and whoever needs the missing key is told.
      if (!(error instanceof CredentialKeyError)) throw error;
      this.logger.error(error.message);
    }
  }
}
