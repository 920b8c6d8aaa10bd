import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedStore, startEmbeddedStore } from './embedded-store.js';
import { type AppConfig } from './platform/config/index.js';

/** Where the two stores are. */
export interface StoreAddresses {
  readonly eventStoreUrl: string;
  readonly mongoUrl: string;
}

export interface Stores {
  readonly addresses: StoreAddresses;
  /** Which of them are embedded, for the first lines of the log. */
  readonly embedded: readonly string[];
  close(): Promise<void>;
}

/** In the data directory, while embedded stores run: where they are. */
const ADDRESS_FILE = 'store-addresses.json';

/** The configured stores, or embedded ones in their place. Whoever comes after sees addresses and no difference. */
export async function openStores({ stores }: AppConfig): Promise<Stores> {
  const { eventStoreUrl, mongoUrl, dataDirectory } = stores;
  const started: EmbeddedStore[] = [];
  const start = async (kind: 'events' | 'documents'): Promise<string> => {
    const store = await startEmbeddedStore({ kind, directory: join(dataDirectory, kind) });
    started.push(store);
    return store.url;
  };
  const addressFile = join(dataDirectory, ADDRESS_FILE);
  const close = async () => {
    if (started.length > 0) await rm(addressFile, { force: true });
    await Promise.all(started.map(async (store) => store.close()));
  };
  try {
    const addresses = {
      eventStoreUrl: eventStoreUrl ?? (await start('events')),
      mongoUrl: mongoUrl ?? (await start('documents')),
    };
    // For the operator's scripts, which work on the stores of a running service.
    if (started.length > 0) await writeFile(addressFile, JSON.stringify(addresses), { mode: 0o600 });
    const embedded = [...(eventStoreUrl ? [] : ['EventStoreDB']), ...(mongoUrl ? [] : ['MongoDB'])];
    return { addresses, embedded, close };
  } catch (error) {
    await close();
    throw error;
  }
}
