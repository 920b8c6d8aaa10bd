import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@libs/embedded-mongo';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelStore } from './model-store.js';
import { history, indexes } from './operations.js';
import { otherServer } from './other-server.js';
import { contents, type Outcome, perform } from './perform.js';
import { type Collection, type Document, DocumentStoreContext } from './running-document-store.js';

/** Printed with the test's name; DOCUMENT_STORE_SEED repeats a run. */
const seed = Number(process.env['DOCUMENT_STORE_SEED'] ?? randomInt(2 ** 31));
const other = await otherServer();

const embedded = new DocumentStoreContext('embedded');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'document-store-histories-'));
  await embedded.start(async () => {
    const store = await startEmbeddedMongo({ directory, log: () => undefined });
    return { url: store.url, stop: () => store.close() };
  });
});
afterAll(async () => {
  await embedded.stop();
  await rm(directory, { recursive: true });
});

async function indexed(context: DocumentStoreContext, patterns: readonly Document[]): Promise<Collection> {
  const collection = context.collection('history');
  for (const pattern of patterns) await collection.createIndex(pattern);
  return collection;
}

describe(`random histories (seed ${seed})`, () => {
  it('give on the embedded document store, with any indexes, what the model gives', async () => {
    const property = fc.asyncProperty(indexes, history, async (patterns, operations) => {
      const collection = await indexed(embedded, patterns);
      const model = new ModelStore();
      // Two arrays in one index are refused by a real server; the model knows no indexes
      const isRefusedByIndex = (outcome: object) => 'refused' in outcome && outcome.refused === 171;
      for (const operation of operations) {
        const outcome = await perform(collection, operation);
        fc.pre(!isRefusedByIndex(outcome));
        expect(outcome).toEqual(model.perform(operation));
      }
      expect(await contents(collection)).toEqual(model.contents());
      await collection.drop();
    });
    await fc.assert(property, { seed, numRuns: 200 });
  });

  const comparison = 'give the same on the embedded document store and on another server';
  if (other === undefined) {
    it.skip(`${comparison} (skipped: MONGO_URL names none)`, () => undefined);
  } else {
    it(`${comparison}, ${other.name}`, async () => {
      const real = new DocumentStoreContext(other.flavour);
      await real.start(() => Promise.resolve({ url: other.url, stop: () => Promise.resolve() }));
      try {
        const property = fc.asyncProperty(history, async (operations) => {
          const [ours, theirs] = [embedded.collection('history'), real.collection('history')];
          for (const operation of operations) {
            expect(comparable(await perform(ours, operation))).toEqual(comparable(await perform(theirs, operation)));
          }
          expect(await contents(ours)).toEqual(await contents(theirs));
          await Promise.all([ours.drop(), theirs.drop()]);
        });
        await fc.assert(property, { seed, numRuns: 100 });
      } finally {
        await real.stop();
      }
    }, 300_000);
  }
});

/** FerretDB counts a change to the same value as one. What was changed shows in the documents. */
function comparable(outcome: Outcome): Outcome {
  if (other?.flavour !== 'ferretdb' || !('result' in outcome)) return outcome;
  const { result } = outcome;
  if (typeof result !== 'object' || result === null || !('modifiedCount' in result)) return outcome;
  return { result: { ...result, modifiedCount: undefined } };
}
