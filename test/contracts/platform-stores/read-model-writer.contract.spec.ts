import { type DocumentChange, type DomainEvent, type Projection } from '@libs/eventsourcing';
import { type Collection, type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Delivered } from '../../../src/platform/event-store/event-store.js';
import { WorkIsBroken } from '../../../src/platform/read-models/catch-up.js';
import { ReadModelWriter } from '../../../src/platform/read-models/read-model-writer.js';
import { DocumentStore } from './document-store.js';

interface Cup {
  readonly tea: string;
  readonly refills: number;
  readonly firstTea: string;
  readonly seat: string;
}
type CupEvent = DomainEvent<
  'Filled' | 'Emptied' | 'Shattered' | 'Toasted',
  { readonly cup: string; readonly tea: string }
>;

/** `Toasted` concerns two cups at once. */
const project = ({ type, data: { cup, tea } }: CupEvent): DocumentChange<Cup>[] => {
  switch (type) {
    case 'Filled':
      return [{ id: cup, set: { tea }, setOnInsert: { firstTea: tea }, inc: { refills: 1 } }];
    case 'Emptied':
      return [{ id: cup, set: { tea: '' } }];
    case 'Shattered':
      return [{ id: cup, remove: true }];
    case 'Toasted':
      return [{ id: cup, set: { tea } }, { id: `${cup}'s friend`, set: { tea } }]; // prettier-ignore
  }
};
const cupsProjection: Projection<Cup, CupEvent> = { name: 'cups', version: 3, categories: ['tea'], project };

const event = (n: number, type: CupEvent['type'], cup: string, tea = 'sencha'): Delivered =>
  ({ type, data: { cup, tea }, position: `p${String(n).padStart(6, '0')}` }) as unknown as Delivered;

let documents: DocumentStore;
let connection: Connection;
let collection: Collection;
let number = 0;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
});
afterAll(() => documents.close());
beforeEach(() => {
  collection = connection.collection(`cups_${number++}`);
});

const writer = (projection = cupsProjection, into = collection) =>
  new ReadModelWriter({ projection, collection: into, factsFor: async () => undefined });
const cups = async () => collection.find().sort({ _id: 1 }).toArray();

describe('writing a read model', () => {
  it('sets, sets at first, and counts', async () => {
    await writer().handle([
      event(1, 'Filled', 'a', 'sencha'),
      event(2, 'Filled', 'a', 'hojicha'),
      event(3, 'Filled', 'b'),
    ]);
    expect(await cups()).toEqual([
      { _id: 'a', tea: 'hojicha', firstTea: 'sencha', refills: 2, position: 'p000002' },
      { _id: 'b', tea: 'sencha', firstTea: 'sencha', refills: 1, position: 'p000003' },
    ]);
  });

  it('is not changed by events it has seen, alone or among new ones', async () => {
    const past = [event(1, 'Filled', 'a', 'sencha'), event(2, 'Filled', 'b'), event(3, 'Filled', 'a', 'hojicha')];
    await writer().handle(past);
    const before = await cups();
    await writer().handle(past);
    expect(await cups()).toEqual(before);
    await writer().handle([...past, event(4, 'Filled', 'b', 'genmaicha')]);
    expect(await cups()).toEqual([before[0], { ...before[1], tea: 'genmaicha', refills: 2, position: 'p000004' }]);
  });

  it('keeps the order of changes to one document through batches of any size', async () => {
    const events = Array.from({ length: 2_600 }, (_, n) => event(n + 1, 'Filled', `cup ${n % 7}`, `tea ${n}`));
    await writer().handle(events);
    const found = await cups();
    expect(found).toHaveLength(7);
    expect(found.reduce((sum, { refills }) => sum + Number(refills), 0)).toBe(2_600);
    for (const { tea, position } of found) expect(`tea ${Number(String(position).slice(1)) - 1}`).toBe(tea);
  });

  it('counts once when two instances write the same events at the same time', async () => {
    const events = Array.from({ length: 300 }, (_, n) => event(n + 1, 'Filled', `cup ${n % 40}`));
    const others = (await documents.connect()).collection(collection.collectionName);
    await Promise.all([writer().handle(events), writer(cupsProjection, others).handle(events)]);
    expect((await cups()).reduce((sum, { refills }) => sum + Number(refills), 0)).toBe(300);
  });

  it('keeps nothing of a removed document but the position it has seen, and no older event brings it back', async () => {
    const past = [event(1, 'Filled', 'a'), event(2, 'Shattered', 'a')];
    await writer().handle(past);
    expect(await cups()).toEqual([{ _id: 'a', position: 'p000002' }]);
    await writer().handle(past);
    expect(await cups()).toEqual([{ _id: 'a', position: 'p000002' }]);
    await writer().handle([event(3, 'Shattered', 'never filled')]);
    expect((await cups())[1]).toEqual({ _id: 'never filled', position: 'p000003' });
  });

  it('changes several documents for one event', async () => {
    await writer().handle([event(1, 'Toasted', 'a', 'champagne')]);
    expect((await cups()).map(({ _id, tea }): unknown[] => [_id, tea])).toEqual([['a', 'champagne'], ["a's friend", 'champagne']]); // prettier-ignore
  });

  it('does not count a violated unique index as a repeat', async () => {
    await collection.createIndex({ seat: 1 }, { unique: true });
    const seated: Projection<Cup, CupEvent> = {
      ...cupsProjection,
      project: ({ data }) => [{ id: data.cup, set: { seat: 'window' } }],
    };
    await writer(seated).handle([event(1, 'Filled', 'a')]);
    await expect(writer(seated).handle([event(2, 'Filled', 'b')])).rejects.toMatchObject({ code: 11_000 });
  });

  it('says that the work is broken when the projection fails, and which event it is', async () => {
    const failing: Projection<Cup, CupEvent> = {
      ...cupsProjection,
      project() {
        throw new Error('a cup without a handle');
      },
    };
    const attempt = writer(failing).handle([event(7, 'Filled', 'a')]);
    await expect(attempt).rejects.toThrow(WorkIsBroken);
    await expect(attempt).rejects.toThrow('cups_v3 cannot project Filled at p000007');
    expect(await cups()).toEqual([]);
  });

  it('refuses a projection that changes one document twice for one event', async () => {
    const twice: Projection<Cup, CupEvent> = {
      ...cupsProjection,
      project: ({ data: { cup } }) => [{ id: cup, inc: { refills: 1 } }, { id: cup, set: { tea: 'x' } }], // prettier-ignore
    };
    await expect(writer(twice).handle([event(1, 'Filled', 'a')])).rejects.toThrow(WorkIsBroken);
  });

  it('leaves what it could write when facts cannot be looked up, and does the rest when they can', async () => {
    let missing = true;
    const withFacts = new ReadModelWriter({
      projection: {
        ...cupsProjection,
        project: ({ data }: CupEvent, fact: string) => [{ id: data.cup, set: { tea: fact } }],
      },
      collection,
      factsFor: async ({ position }) => {
        if (missing && position === 'p000002') throw new Error('the store of facts is away');
        return `fact of ${position}`;
      },
    });
    const events = [event(1, 'Filled', 'a'), event(2, 'Filled', 'b')];
    await expect(withFacts.handle(events)).rejects.toThrow('away');
    missing = false;
    await withFacts.handle(events);
    expect((await cups()).map(({ tea }): unknown => tea)).toEqual(['fact of p000001', 'fact of p000002']);
  });
});
