import { type Provider } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../../platform/config/index.js';
import { generatedKeys } from '../../../platform/security/index.js';
import { MailTags } from './mail-tags.js';

/** From CREDENTIAL_KEYS, or from the sandbox's own. */
export const mailTagsProvider: Provider = {
  provide: MailTags,
  inject: [APP_CONFIG],
  useFactory: async ({ credentialKeys, stores }: AppConfig) =>
    new MailTags(credentialKeys ?? (await generatedKeys(stores.dataDirectory))),
};
