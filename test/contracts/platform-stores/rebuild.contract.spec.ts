import { type Projection } from '@libs/eventsourcing';
import { type Connection, type Model, Schema } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventStore } from '../../../src/platform/event-store/event-store.js';
import { Metrics, ReadinessChecks } from '../../../src/platform/observability/index.js';
import { Checkpoints } from '../../../src/platform/read-models/checkpoints.js';
import { compareCollections } from '../../../src/platform/read-models/compare-collections.js';
import { Projectors } from '../../../src/platform/read-models/projectors.js';
import { ReadModelGenerations } from '../../../src/platform/read-models/read-model-generations.js';
import { RebuildRequests } from '../../../src/platform/read-models/rebuild-requests.js';
import { Rebuilding } from '../../../src/platform/read-models/rebuilding.js';
import { eventually } from '../../support/eventually.js';
import { DocumentStore } from './document-store.js';
import { type Brewed, brewed, byTheSystem, TeaRecord } from './recorded-teas.js';

interface Tea {
  readonly cups: number;
  readonly brews: number;
  readonly kind?: string;
}
const teasProjection: Projection<Tea, Brewed> = {
  name: 'teas',
  version: 1,
  categories: ['tea'],
  project: ({ data: { tea, cups } }) => [{ id: tea, inc: { cups, brews: 1 } }],
};
const schema = () =>
  new Schema({ cups: Number, brews: Number, kind: String }, { versionKey: false }).index({ cups: 1 });
const forever = new AbortController().signal;

/** What one instance of the service has of it. */
interface Instance {
  readonly projectors: Projectors;
  readonly rebuilding: Rebuilding;
  readonly teas: Model<Tea>;
}

let record: TeaRecord;
let store: EventStore;
let documents: DocumentStore;
let connection: Connection;
let instances: Instance[];

beforeEach(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  record = await TeaRecord.open();
  store = record.connect();
  instances = [];
});
afterEach(async () => {
  await Promise.all(instances.map(async ({ projectors }) => projectors.beforeApplicationShutdown()));
  await record.close();
  await documents.close();
});

async function start(projection = teasProjection, own?: Connection): Promise<Instance> {
  const on = own ?? (await documents.connect());
  const checkpoints = new Checkpoints(on);
  const generations = new ReadModelGenerations(on);
  const projectors = new Projectors(
    record.connect(),
    checkpoints,
    on,
    new ReadinessChecks(),
    generations,
    new Metrics(),
  );
  const teas = projectors.add({ projection, schema: schema() }) as unknown as Model<Tea>;
  const rebuilding = new Rebuilding(projectors, new RebuildRequests(on), generations, checkpoints, on);
  await projectors.onApplicationBootstrap();
  const instance = { projectors, rebuilding, teas };
  instances.push(instance);
  await live(instance);
  return instance;
}
const live = ({ projectors }: Instance) =>
  eventually(async () => projectors.readModels[0]!.status, (status) => status === 'live'); // prettier-ignore
const servedBy = ({ projectors }: Instance) => projectors.readModels[0]!.served.number;

async function brew(...teas: readonly string[]): Promise<void> {
  const { head } = await store.read('tea-teahouse_pot');
  const position = await store.append('tea-teahouse_pot', head, teas.map((tea) => brewed(tea)), byTheSystem); // prettier-ignore
  await Promise.all(instances.map(async ({ projectors }) => projectors.whenVisible('tea', position)));
}
const brewsOf = async ({ teas }: Instance) =>
  Object.fromEntries((await teas.find().sort({ _id: 1 }).lean()).map(({ _id, brews }) => [String(_id), brews]));
const requests = () => new RebuildRequests(connection);
const collections = async () => (await connection.listCollections()).map(({ name }) => name).filter((name) => name.startsWith('teas')).sort(); // prettier-ignore

describe('rebuilding a read model', () => {
  it('gives the same documents again, and says so', async () => {
    const instance = await start();
    await brew('sencha', 'sencha', 'hojicha');
    await requests().ask('teas_v1');
    await instance.rebuilding.rebuildRequested(forever);
    expect(await requests().find('teas_v1')).toMatchObject({ state: 'done', progress: 1, documents: 2, different: [] });
    expect(servedBy(instance)).toBe(2);
    expect(await brewsOf(instance)).toEqual({ hojicha: 1, sencha: 2 });
    await brew('sencha');
    expect(await brewsOf(instance)).toEqual({ hojicha: 1, sencha: 3 });
  });

  it('puts right what was spoiled, and names it', async () => {
    const instance = await start();
    await brew('sencha', 'hojicha', 'bancha');
    const spoiled = connection.collection<{ _id: string }>('teas_v1');
    await spoiled.updateOne({ _id: 'sencha' }, { $set: { brews: 99 } });
    await spoiled.deleteOne({ _id: 'bancha' });
    await spoiled.insertOne({ _id: 'coffee' });
    await requests().ask('teas_v1');
    await instance.rebuilding.rebuildRequested(forever);
    const { different } = (await requests().find('teas_v1'))!;
    expect([...different!].sort()).toEqual(['bancha', 'coffee', 'sencha']);
    expect(await brewsOf(instance)).toEqual({ bancha: 1, hojicha: 1, sencha: 1 });
  });

  it('serves all the while, what is decided meanwhile included', async () => {
    const instance = await start();
    await brew(...Array.from({ length: 400 }, (_, n) => `tea ${n % 50}`));
    await requests().ask('teas_v1');
    let rebuilt = false;
    const rebuild = instance.rebuilding.rebuildRequested(forever).then(() => (rebuilt = true));
    let count = 0;
    do {
      await brew('matcha');
      count += 1;
      const seen = await brewsOf(instance);
      expect(seen['matcha']).toBe(count);
      expect(Object.keys(seen)).toHaveLength(51);
    } while (!rebuilt);
    await rebuild;
    expect(servedBy(instance)).toBe(2);
    expect(await requests().find('teas_v1')).toMatchObject({ state: 'done', different: [] });
    expect((await brewsOf(instance))['matcha']).toBe(count);
  });

  it('reaches every instance, which follows when its own new documents are as far as the old', async () => {
    const [builder, other] = [await start(), await start()];
    await brew('sencha');
    await requests().ask('teas_v1');
    await builder.rebuilding.rebuildRequested(forever);
    expect([servedBy(builder), servedBy(other)]).toEqual([2, 1]);
    await brew('sencha');
    expect([await brewsOf(builder), await brewsOf(other)]).toEqual([{ sencha: 2 }, { sencha: 2 }]);
    await eventually(async () => {
      await other.rebuilding.followSwitches();
      return servedBy(other);
    }, (number) => number === 2); // prettier-ignore
    await brew('sencha');
    expect([await brewsOf(builder), await brewsOf(other)]).toEqual([{ sencha: 3 }, { sencha: 3 }]);
  });

  it('is done once, whoever is asked', async () => {
    const [one, other] = [await start(), await start()];
    await brew('sencha');
    await requests().ask('teas_v1');
    await requests().ask('teas_v1');
    await Promise.all([one, other].map(async ({ rebuilding }) => rebuilding.rebuildRequested(forever)));
    await one.rebuilding.rebuildRequested(forever);
    expect(await new ReadModelGenerations(connection).served('teas_v1')).toBe(2);
  });

  it('can be done again and again, and is remembered by those who start later', async () => {
    const instance = await start();
    await brew('sencha');
    for (const generation of [2, 3]) {
      await requests().ask('teas_v1');
      await instance.rebuilding.rebuildRequested(forever);
      expect(servedBy(instance)).toBe(generation);
    }
    const late = await start();
    expect(servedBy(late)).toBe(3);
    expect(await brewsOf(late)).toEqual({ sencha: 1 });
    const indexes = await connection.collection('teas_v1_g3').indexes();
    expect(indexes.map(({ key }) => Object.keys(key as object)[0])).toContain('cups');
  });

  it('leaves the old documents for a while to those who may still read them, and then drops them', async () => {
    const instance = await start();
    await brew('sencha');
    await requests().ask('teas_v1');
    await instance.rebuilding.rebuildRequested(forever);
    await instance.rebuilding.dropRetired();
    expect(await connection.collection('teas_v1').countDocuments()).toBe(1);
    await instance.rebuilding.dropRetired(Date.now() + 11 * 60_000);
    expect(await connection.collection('teas_v1').countDocuments()).toBe(0);
    expect(await brewsOf(instance)).toEqual({ sencha: 1 });
    expect(await new ReadModelGenerations(connection).retired('teas_v1')).toEqual([]);
  });

  it('that fails leaves the present documents in service and says why', async () => {
    let broken = false;
    const fragile: Projection<Tea, Brewed> = {
      ...teasProjection,
      project(event) {
        if (broken && event.data.tea === 'hojicha') throw new Error('hojicha again');
        return teasProjection.project(event);
      },
    };
    const instance = await start(fragile);
    await brew('sencha', 'hojicha');
    broken = true;
    await requests().ask('teas_v1');
    await instance.rebuilding.rebuildRequested(forever);
    expect(await requests().find('teas_v1')).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('cannot be projected'),
    });
    expect(servedBy(instance)).toBe(1);
    await brew('sencha');
    expect(await brewsOf(instance)).toEqual({ hojicha: 1, sencha: 2 });
    broken = false;
    await requests().ask('teas_v1');
    await instance.rebuilding.rebuildRequested(forever);
    expect(await requests().find('teas_v1')).toMatchObject({ state: 'done', different: [] });
  });

  it('goes on where an instance that died has left it', async () => {
    const dying = await start();
    await brew('sencha', 'hojicha');
    await requests().ask('teas_v1');
    const aborted = new AbortController();
    aborted.abort();
    await requests().take(['teas_v1'], new Date(Date.now() - 60_000));
    await dying.rebuilding.rebuildRequested(aborted.signal);
    expect(await requests().find('teas_v1')).toMatchObject({ state: 'running' });
    const heir = await start();
    await heir.rebuilding.rebuildRequested(forever);
    expect(await requests().find('teas_v1')).toMatchObject({ state: 'done', different: [] });
    expect(await brewsOf(heir)).toEqual({ hojicha: 1, sencha: 1 });
  });

  it('happens by itself when a read model has a new shape, beside the old one', async () => {
    const before = await start();
    await brew('sencha', 'sencha');
    const after = await start({
      ...teasProjection,
      version: 2,
      project: (event) => [{ id: event.data.tea, set: { kind: 'green' }, inc: { brews: 1 } }],
    });
    expect(await after.teas.find().lean()).toEqual([
      expect.objectContaining({ _id: 'sencha', kind: 'green', brews: 2 }),
    ]);
    expect(await collections()).toEqual(['teas_v1', 'teas_v2']);
    await brew('hojicha');
    expect(await brewsOf(before)).toEqual({ hojicha: 1, sencha: 2 });
    expect(await brewsOf(after)).toEqual({ hojicha: 1, sencha: 2 });
  });
});

describe('comparing collections', () => {
  it('tells what differs from what is only written in another order', async () => {
    const [left, right] = [
      connection.collection<Record<string, unknown>>('left'),
      connection.collection<Record<string, unknown>>('right'),
    ];
    const same = new Date('2026-11-22T00:00:00Z');
    await left.insertMany([
      { _id: 'a', x: 1, at: same, inner: { p: 1, q: [1, 2] } },
      { _id: 'b', x: 1 },
      { _id: 'only left' },
      { _id: 'あ', x: '1' },
    ] as never);
    await right.insertMany([
      { _id: 'a', inner: { q: [1, 2], p: 1 }, at: same, x: 1 },
      { _id: 'b', x: 2 },
      { _id: 'only right' },
      { _id: 'あ', x: 1 },
    ] as never);
    const { documents: count, different } = await compareCollections(left, right);
    expect(count).toBe(5);
    expect(different).toEqual(['b', 'only left', 'only right', 'あ']);
  });
});
