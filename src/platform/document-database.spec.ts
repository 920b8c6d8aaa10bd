import { describe, expect, it } from 'vitest';
import { documentDatabaseOf } from './document-database.js';

const { runningStores } = (await import(new URL('../../scripts/steps/running-stores.mjs', import.meta.url).href)) as {
  runningStores: (env: Record<string, string>) => object | null;
};

describe('the database of a document store', () => {
  it.each([
    ['mongodb://127.0.0.1:27017', 'hrbc_mail'],
    ['mongodb://127.0.0.1:27017/', 'hrbc_mail'],
    ['mongodb://127.0.0.1:27017/?replicaSet=rs0', 'hrbc_mail'],
    ['mongodb://127.0.0.1:27017/mail', 'mail'],
    ['mongodb://user:word@a:27017,b:27017/mail?authSource=admin', 'mail'],
    ['mongodb+srv://cluster.example/mail', 'mail'],
  ])('at %s is %s, for the service and for its scripts', (url, database) => {
    expect(documentDatabaseOf(url)).toBe(database);
    expect(runningStores({ EVENTSTORE_URL: 'esdb://127.0.0.1', MONGO_URL: url })).toMatchObject({ database });
  });
});
