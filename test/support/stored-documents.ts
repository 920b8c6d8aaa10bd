import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { documentDatabaseOf } from '../../src/platform/document-database.js';

/** Everything that a running test service keeps in its document store, as text by collection: to look for leftovers. */
export async function storedDocuments(dataDirectory: string): Promise<ReadonlyMap<string, string>> {
  const { mongoUrl } = JSON.parse(await readFile(join(dataDirectory, 'store-addresses.json'), 'utf8')) as {
    mongoUrl: string;
  };
  const connection = await mongoose.createConnection(mongoUrl, { dbName: documentDatabaseOf(mongoUrl) }).asPromise();
  try {
    const collections = await connection.listCollections();
    const texts = collections.map(async ({ name }) => {
      const documents = await connection.collection(name).find().toArray();
      return [name, JSON.stringify(documents)] as const;
    });
    return new Map(await Promise.all(texts));
  } finally {
    await connection.close();
  }
}
