import { UnavailableError } from '@eventstore/db-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Delivered, type EventStore, type KeptEvent } from '../../../src/platform/event-store/event-store.js';
import { StreamMovedOn } from '../../../src/platform/event-store/event-store.errors.js';
import { brewed, byTheSystem, served, type TeaEvent, TeaRecord } from './recorded-teas.js';

let record: TeaRecord;
let store: EventStore;
let stream: string;
let streams = 0;

beforeAll(async () => {
  record = await TeaRecord.open();
  store = record.connect();
});
afterAll(() => record.close());
beforeEach(() => {
  stream = `tea-teahouse_${streams++}`;
});

const append = async (...teas: readonly string[]) => {
  const { head } = await store.read(stream);
  return store.append(stream, head, teas.map((tea) => brewed(tea)), byTheSystem); // prettier-ignore
};
const teasOf = (events: readonly { readonly data: unknown }[]) =>
  events.map(({ data }) => (data as { tea: string }).tea);

describe('the event store adapter', () => {
  it('reads a stream that is not there as empty', async () => {
    expect(await store.read(stream)).toEqual({ events: [], head: null });
    expect(await store.readLast(stream)).toEqual({ events: [], head: null });
  });

  it('gives back what was appended, in order, with where it stands', async () => {
    const first = await append('sencha', 'hojicha');
    const second = await append('genmaicha');
    const { events, head } = await store.read<TeaEvent>(stream);
    expect(teasOf(events)).toEqual(['sencha', 'hojicha', 'genmaicha']);
    expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(events.map(({ position }) => position)).toEqual([...events.map(({ position }) => position)].sort());
    expect(events[1]!.position).toBe(first);
    expect(events[2]!.position).toBe(second);
    expect(head).toEqual({ revision: 2, hash: events[2]!.metadata.hash });
    expect(events[2]!.metadata.previousHash).toBe(events[1]!.metadata.hash);
  });

  it('reads only the last event where that is enough', async () => {
    await append('sencha', 'hojicha');
    const { events, head } = await store.readLast<TeaEvent>(stream);
    expect(teasOf(events)).toEqual(['hojicha']);
    expect(head?.revision).toBe(1);
  });

  it('reads one event by its revision, and null where there is none', async () => {
    await append('sencha', 'hojicha');
    expect(await store.readAt(stream, 1)).toMatchObject({ revision: 1, data: { tea: 'hojicha' } });
    expect(await store.readAt(stream, 2)).toBeNull();
    expect(await store.readAt('tea-teahouse_nowhere', 0)).toBeNull();
  });

  it('appends all of it or nothing, and only behind what was read', async () => {
    await append('sencha');
    const { head } = await store.read(stream);
    await append('hojicha');
    await expect(store.append(stream, head, [brewed('a'), brewed('b')], byTheSystem)).rejects.toThrow(StreamMovedOn);
    await expect(store.append(stream, null, [brewed('a')], byTheSystem)).rejects.toThrow(StreamMovedOn);
    expect(teasOf((await store.read(stream)).events)).toEqual(['sencha', 'hojicha']);
  });

  it('lets exactly one of two instances through that decided on the same state', async () => {
    await append('sencha');
    const { head } = await store.read(stream);
    const attempts = [store, record.connect()].map((each) => each.append(stream, head, [brewed('mine')], byTheSystem));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await store.read(stream)).events).toHaveLength(2);
  });

  it('repeats an append whose answer was lost with the same ids, so that it happens once', async () => {
    const sentIds: string[][] = [];
    const lossy = record.connect((client) => {
      const appendToStream = client.appendToStream.bind(client);
      client.appendToStream = async (...request: Parameters<typeof appendToStream>) => {
        sentIds.push([request[1]].flat().map(({ id }) => id));
        const answer = await appendToStream(...request);
        if (sentIds.length === 1) throw new UnavailableError(new Error('lost') as never);
        return answer;
      };
    });
    const position = await lossy.append(stream, null, [brewed('sencha'), brewed('hojicha')], byTheSystem);
    expect(sentIds).toHaveLength(2);
    expect(sentIds[1]).toEqual(sentIds[0]);
    const { events } = await store.read(stream);
    expect(events).toHaveLength(2);
    expect(events[1]!.position).toBe(position);
  });

  it('still tells another append from a repeat of its own', async () => {
    let first = true;
    const lossy = record.connect((client) => {
      const appendToStream = client.appendToStream.bind(client);
      client.appendToStream = async (...request: Parameters<typeof appendToStream>) => {
        if (!first) return appendToStream(...request);
        first = false;
        await append('somebody else was quicker');
        throw new UnavailableError(new Error('never arrived') as never);
      };
    });
    await expect(lossy.append(stream, null, [brewed('sencha')], byTheSystem)).rejects.toThrow(StreamMovedOn);
    expect((await store.read(stream)).events).toHaveLength(1);
  });

  it('keeps what says who somebody is sealed, and opens it for readers', async () => {
    await store.append(stream, null, [served('taro', '営業 太郎')], byTheSystem);
    expect((await store.read<TeaEvent>(stream)).events[0]!.data).toEqual({ userId: 'taro', name: '営業 太郎' });
    const kept = (await everything([stream]))[0]!;
    expect(JSON.stringify(kept)).not.toContain('営業');
  });
});

async function everything(prefixes: readonly string[], after: string | null = null): Promise<KeptEvent[]> {
  const all: KeptEvent[] = [];
  for await (const batch of store.readAll({ after, prefixes })) all.push(...batch);
  return all;
}

describe('reading everything', () => {
  it('gives what is there, as it is stored, and ends', async () => {
    await append('sencha', 'hojicha', 'genmaicha');
    const kept = await everything([stream]);
    expect(teasOf(kept)).toEqual(['sencha', 'hojicha', 'genmaicha']);
    expect(kept[1]).toMatchObject({
      stream,
      revision: 1,
      metadata: { company: 'teahouse', previousHash: expect.any(String) },
    });
    expect(teasOf(await everything([stream], kept[0]!.position))).toEqual(['hojicha', 'genmaicha']);
    expect(await everything([stream], kept[2]!.position)).toEqual([]);
  });

  it('gives nothing of other streams, and nothing when there is nothing', async () => {
    await append('sencha');
    expect(await everything(['coffee-'])).toEqual([]);
  });

  it('gives more than fits into one batch', async () => {
    const teas = Array.from({ length: 1_700 }, (_, n) => `tea ${n}`);
    await append(...teas);
    expect(teasOf(await everything([stream]))).toEqual(teas);
  });

  it('gives the call back when its reader has seen enough', async () => {
    await append(...Array.from({ length: 1_200 }, (_, n) => `tea ${n}`));
    for await (const batch of store.readAll({ after: null, prefixes: [stream] })) {
      expect(batch[0]).toMatchObject({ revision: 0 });
      break;
    }
    expect((await store.read(stream)).events).toHaveLength(1_200);
  });
});

describe('subscribing', () => {
  it('delivers what is there, says so, and then what comes', async () => {
    await append('sencha');
    const ending = new AbortController();
    const told: string[] = [];
    const request = {
      after: null,
      categories: ['tea'],
      signal: ending.signal,
      onCaughtUp: () => told.push('caught up'),
    };
    const mine: Delivered[] = [];
    const waitThenAppend = async () => {
      while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await append('hojicha');
    };
    const reading = (async () => {
      for await (const batch of store.subscribe(request)) {
        mine.push(...batch.filter((event) => event.stream === stream));
        if (mine.length === 2) return ending.abort();
        if (mine.length === 1 && told.length === 0) void waitThenAppend();
      }
    })();
    await reading;
    expect(teasOf(mine)).toEqual(['sencha', 'hojicha']);
    expect(mine[0]!.stored).toMatchObject({ type: 'Brewed', data: { tea: 'sencha' } });
    expect(told).toEqual(['caught up']);
  });
});
