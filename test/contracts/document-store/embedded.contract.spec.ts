import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@libs/embedded-mongo';
import { documentStoreGuarantees } from './document-store-guarantees.js';

documentStoreGuarantees('the embedded document store', 'embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'document-store-contract-'));
  const store = await startEmbeddedMongo({ directory, log: () => undefined });
  return {
    url: store.url,
    stop: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});
