import { startEmbeddedEventStore } from '@libs/embedded-eventstore';
import { startEmbeddedMongo } from '@libs/embedded-mongo';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** The configured stores, or embedded ones in their place. Whoever comes after sees addresses and no difference. */
export async function openStores({ stores }: AppConfig): Promise<Stores> {
  const { eventStoreUrl, mongoUrl, dataDirectory } = stores;
  const started: Running[] = [];
  const start = async (name: string, run: (directory: string) => Promise<Running>): Promise<string> => {
    const directory = join(dataDirectory, name);
    await mkdir(directory, { recursive: true });
    const running = await run(directory);
    started.push(running);
    return running.url;
  };
  const addressFile = join(dataDirectory, ADDRESS_FILE);
  const close = async () => {
    if (started.length > 0) await rm(addressFile, { force: true });
    await Promise.all(started.map(async (store) => store.close()));
  };
  try {
    const addresses = {
      eventStoreUrl:
        eventStoreUrl ?? (await start('events', async (directory) => startEmbeddedEventStore({ directory }))),
      mongoUrl: mongoUrl ?? (await start('documents', async (directory) => startEmbeddedMongo({ directory }))),
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
