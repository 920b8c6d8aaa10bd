import { type EventCatalogue } from '@libs/eventsourcing';
import mongoose from 'mongoose';
import { type AppConfig } from '../../../platform/config/index.js';
import { documentDatabaseOf } from '../../../platform/document-database.js';
import { EventCodec, EventStore } from '../../../platform/event-store/index.js';
import { connectEventStore, disconnectEventStore } from '../../../platform/event-store/event-store-connection.js';
import { sealKeysOf } from './configured-seal-keys.js';
import { SealStore } from './seal-store.js';

/** Opens the record for reading, as it lies in the stores, without starting the service. */
export async function openRecord(
  config: AppConfig,
  stores: { readonly eventStoreUrl: string; readonly mongoUrl: string },
  events: EventCatalogue,
  categories: readonly string[],
) {
  const options = { dbName: documentDatabaseOf(stores.mongoUrl), serverSelectionTimeoutMS: 10_000 };
  const documents = await mongoose.createConnection(stores.mongoUrl, options).asPromise();
  const connection = connectEventStore(stores.eventStoreUrl);
  const codec = new EventCodec(events, categories, NOBODY_OPENS);
  return {
    store: new EventStore(connection, codec),
    seals: new SealStore(documents),
    keys: await sealKeysOf(config),
    close: async () => {
      await disconnectEventStore(connection);
      await documents.close();
    },
  };
}

/** A verification looks at events as they are stored: it neither needs nor gets what says who somebody is. */
const NOBODY_OPENS = {
  seal: async () => Promise.reject(new Error('A verification seals nothing.')),
  open: async () => null,
};
