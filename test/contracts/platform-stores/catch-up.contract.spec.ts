import { type Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CatchUp, type CatchUpWork, WorkIsBroken } from '../../../src/platform/read-models/catch-up.js';
import { Checkpoints } from '../../../src/platform/read-models/checkpoints.js';
import { type EventStore } from '../../../src/platform/event-store/event-store.js';
import { eventually } from '../../support/eventually.js';
import { DocumentStore } from './document-store.js';
import { brewed, byTheSystem, TeaRecord } from './recorded-teas.js';

let record: TeaRecord;
let documents: DocumentStore;
let connection: Connection;
let store: EventStore;
let checkpoints: Checkpoints;
let loops: CatchUp[];
let reports: string[];
let names = 0;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  checkpoints = new Checkpoints(connection);
});
afterAll(() => documents.close());
beforeEach(async () => {
  record = await TeaRecord.open();
  store = record.connect();
  loops = [];
  reports = [];
  names += 1;
});
afterEach(async () => {
  await Promise.all(loops.map(async (loop) => loop.stop()));
  await record.close();
});

/** Appends teas to a stream, each in an append of its own; answers the position of the last. */
async function brew(...teas: readonly string[]): Promise<string> {
  let position = '';
  for (const tea of teas) {
    const { head } = await store.read('tea-teahouse_pot');
    position = await store.append('tea-teahouse_pot', head, [brewed(tea)], byTheSystem);
  }
  return position;
}

type Handle = (tea: string, position: string) => Promise<void> | void;

/** A loop that hands every tea to `handle`, with the name under which its checkpoint is kept. */
function follow(handle: Handle, on: EventStore = store): CatchUp {
  const work: CatchUpWork = {
    name: `teas-${names}`,
    categories: ['tea'],
    handle: async (events) => {
      for (const { data, position } of events) await handle((data as { tea: string }).tea, position);
    },
  };
  const report = (event: string, name: string, error: unknown) =>
    reports.push(`${name} ${event}: ${error instanceof Error ? error.message : String(error)}`);
  const loop = new CatchUp(work, { store: on, checkpoints, report });
  loops.push(loop);
  loop.start();
  return loop;
}
const isLive = (loop: CatchUp) => eventually(async () => loop.status, (status) => status === 'live'); // prettier-ignore
const checkpoint = () => checkpoints.read(`teas-${names}`);
const many = (count: number) => Array.from({ length: count }, (_, n) => `tea ${n}`);

describe('a catch-up loop', () => {
  it('does what was there before and what comes after, in order, once', async () => {
    const done: string[] = [];
    await brew(...many(30));
    const loop = follow((tea) => void done.push(tea));
    await isLive(loop);
    expect(done).toEqual(many(30));
    await loop.reached(await brew('one more'));
    expect(done).toEqual([...many(30), 'one more']);
    expect(reports).toEqual([]);
  });

  it('saves its checkpoint after the work and never before', async () => {
    const seen: [string, string | null][] = [];
    const loop = follow(async (_tea, position) => void seen.push([position, await checkpoint()]));
    await isLive(loop);
    const positions = [];
    for (const tea of many(5)) {
      positions.push(await brew(tea));
      await loop.reached(positions.at(-1)!);
    }
    for (const [position, saved] of seen) expect(saved === null || saved < position).toBe(true);
    expect(seen.map(([position]) => position)).toEqual(positions);
    expect(await checkpoint()).toBe(positions.at(-1));
  });

  it('goes on behind its checkpoint when it is started again', async () => {
    const first: string[] = [];
    await brew('sencha', 'hojicha');
    const before = follow((tea) => void first.push(tea));
    await isLive(before);
    await before.stop();
    expect(before.status).toBe('stopped');
    await brew('genmaicha');
    const second: string[] = [];
    await isLive(follow((tea) => void second.push(tea)));
    expect([first, second]).toEqual([['sencha', 'hojicha'], ['genmaicha']]);
  });

  it('does again what failed, and what comes behind it only then', async () => {
    const done: string[] = [];
    let failures = 2;
    await brew('sencha', 'hojicha', 'genmaicha');
    const loop = follow((tea) => {
      if (tea === 'hojicha' && failures-- > 0) throw new Error('the stove is out');
      done.push(tea);
    });
    await isLive(loop);
    expect(done.filter((tea, index) => done.lastIndexOf(tea) === index)).toEqual(['sencha', 'hojicha', 'genmaicha']);
    expect(done.slice(-2)).toEqual(['hojicha', 'genmaicha']);
    expect(reports).toEqual(Array(2).fill(`teas-${names} failed: the stove is out`));
  });

  it('stops for good, loudly, where doing it again cannot help, and skips nothing', async () => {
    const done: string[] = [];
    const loop = follow((tea) => {
      if (tea === 'hojicha') throw new WorkIsBroken('hojicha cannot be projected');
      done.push(tea);
    });
    await isLive(loop);
    const sencha = await brew('sencha');
    await loop.reached(sencha);
    await brew('hojicha', 'genmaicha');
    await eventually(async () => loop.status, (status) => status === 'broken'); // prettier-ignore
    expect(reports).toEqual([`teas-${names} broken: hojicha cannot be projected`]);
    expect(done).toEqual(['sencha']);
    expect(await checkpoint()).toBe(sencha);
  });

  it('stops at an event that this version does not know', async () => {
    const { client } = (
      store as unknown as { connection: { client: { appendToStream(...args: unknown[]): Promise<unknown> } } }
    ).connection;
    const done: string[] = [];
    const loop = follow((tea) => void done.push(tea));
    await isLive(loop);
    const { jsonEvent } = await import('@eventstore/db-client');
    const fromTheFuture = jsonEvent({
      type: 'Iced',
      data: {},
      metadata: { company: 'teahouse', actor: { kind: 'system', name: 'x' } },
    });
    await client.appendToStream('tea-teahouse_future', [fromTheFuture]);
    await eventually(async () => loop.status, (status) => status === 'broken'); // prettier-ignore
    expect(reports[0]).toContain('Iced');
    expect(await checkpoint()).toBeNull();
  });

  it('comes back by itself when the event store was away', async () => {
    const done: string[] = [];
    const loop = follow((tea) => void done.push(tea));
    await isLive(loop);
    await loop.reached(await brew('sencha'));
    await record.restart(async () => {
      await eventually(async () => loop.status, (status) => status === 'retrying'); // prettier-ignore
    });
    const position = await brew('hojicha');
    await loop.reached(position);
    await isLive(loop);
    expect(done).toEqual(['sencha', 'hojicha']);
  });

  it('says of a position that it is reached only when it is', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const loop = follow(() => gate);
    await isLive(loop);
    let reached = false;
    const waiting = brew('sencha').then(async (position) => {
      await loop.reached(position);
      reached = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reached).toBe(false);
    open();
    await waiting;
    expect(loop.position).toBe(await checkpoint());
  });

  it('shares the work with other instances: everything is done, and done in order by each', async () => {
    const done: { instance: number; tea: string }[] = [];
    const instances = [store, record.connect(), record.connect()];
    const following = instances.map((each, instance) => follow((tea) => void done.push({ instance, tea }), each));
    const teas = many(60);
    const last = await brew(...teas);
    await Promise.all(following.map(async (loop) => loop.reached(last)));
    expect([...new Set(done.map(({ tea }) => tea))].sort()).toEqual([...teas].sort());
    for (const instance of instances.keys()) {
      const own = done.filter((entry) => entry.instance === instance).map(({ tea }) => teas.indexOf(tea));
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    expect(await checkpoint()).toBe(last);
  });
});
