import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedEventStore } from '@libs/embedded-eventstore';

import { eventStoreGuarantees } from './event-store-guarantees.js';

eventStoreGuarantees('the embedded event store', true, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'event-store-contract-'));
  const log = () => undefined;
  let store = await startEmbeddedEventStore({ directory, log });
  const { url } = store;
  const port = Number(new URL(url).port);
  return {
    url,
    restart: async (whileGone) => {
      await store.close();
      await whileGone();
      store = await startEmbeddedEventStore({ directory, port, log });
    },
    stop: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});
