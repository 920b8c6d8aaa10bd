import mongoose, { type Connection } from 'mongoose';
import { documentDatabaseOf } from '../../src/platform/document-database.js';
import { type TestService } from './service.js';

/** Everything that a running test service keeps in its document store, as text by collection: to look for leftovers. */
export async function storedDocuments(service: TestService): Promise<ReadonlyMap<string, string>> {
  return inStoreOf(service, async (connection) => {
    const collections = await connection.listCollections();
    const texts = collections.map(async ({ name }) => {
      const documents = await connection.collection(name).find().toArray();
      return [name, JSON.stringify(documents)] as const;
    });
    return new Map(await Promise.all(texts));
  });
}

/** The references, sorted, of every secret that a running test service keeps: all companies' and all kinds. */
export async function secretsInVault(service: TestService): Promise<readonly string[]> {
  return inStoreOf(service, async (connection) => {
    const secrets = await connection.collection('credentials').find().toArray();
    return secrets.map(({ ref }) => String(ref)).sort();
  });
}

async function inStoreOf<Answer>(service: TestService, look: (store: Connection) => Promise<Answer>): Promise<Answer> {
  const mongoUrl = await service.mongoUrl();
  const connection = await mongoose.createConnection(mongoUrl, { dbName: documentDatabaseOf(mongoUrl) }).asPromise();
  try {
    return await look(connection);
  } finally {
    await connection.close();
  }
}
