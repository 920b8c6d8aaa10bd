import { type CommandMetadata, defineEvents, type DomainEvent } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { EventCodec, FORGOTTEN, type PersonalCipher, type StoredEvent, UnknownEventType } from './event-codec.js';
import { hashOf } from './event-hash.js';

type Moved = DomainEvent<'Moved', { readonly userId: string; readonly address: string; readonly floor: number | null }>;
type Opened = DomainEvent<'Opened', { readonly name: string }>;
const catalogue = defineEvents<Moved | Opened>()({ Moved: { personal: ['address'] }, Opened: { personal: [] } });

/** Seals legibly, so that the specification sees whose seal it is; forgets on demand. */
class LegibleCipher implements PersonalCipher {
  readonly forgotten = new Set<string>();
  async seal(company: string, userId: string, plaintext: string): Promise<string> {
    return `${company}/${userId}:${Buffer.from(plaintext).toString('base64')}`;
  }
  async open(company: string, userId: string, sealed: string): Promise<string | null> {
    const [owner, text = ''] = sealed.split(':');
    expect(owner).toBe(`${company}/${userId}`);
    return this.forgotten.has(userId) ? null : Buffer.from(text, 'base64').toString();
  }
}

const byHanako: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'hanako', name: '管理 花子', roles: ['admin'] },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
  clientAddress: '203.0.113.7',
};
const bySystem: CommandMetadata = { ...byHanako, actor: { kind: 'system', name: 'receiving' }, reason: 'a schedule' };
const STREAM = 'people-porters_taro';
const moved = (address: string, id = 'e1') => ({ id, type: 'Moved', data: { userId: 'taro', address, floor: 3 } });
const opened = { id: 'e2', type: 'Opened', data: { name: '本社' } };
const at = (revision: number) => ({ stream: STREAM, revision, position: `p${revision}` });

const codecWith = (cipher: PersonalCipher) => new EventCodec(catalogue, ['people'], cipher);
const encodeTwo = (codec: EventCodec) => codec.encode(STREAM, null, [moved('東京都千代田区'), opened], bySystem);

/** What an auditor computes again from what is stored. */
function recomputed({ id, type, data, metadata }: StoredEvent, revision: number): string {
  const { hash: _hash, ...hashed } = metadata;
  return hashOf({ stream: STREAM, revision, id, type, data, metadata: hashed });
}

describe('the event codec', () => {
  it('gives back what was put in', async () => {
    const codec = codecWith(new LegibleCipher());
    const [stored] = await codec.encode(STREAM, null, [moved('東京都千代田区')], byHanako);
    const back = await codec.decode<Moved>(stored!, at(0));
    expect(back).toEqual({
      ...moved('東京都千代田区'),
      ...at(0),
      metadata: { ...byHanako, hash: stored!.metadata.hash, previousHash: null },
    });
  });

  it('leaves nothing in the clear that says who somebody is: neither the person nor the one who acted', async () => {
    const [stored] = await codecWith(new LegibleCipher()).encode(STREAM, null, [moved('東京都千代田区')], byHanako);
    const text = JSON.stringify(stored);
    for (const personal of ['東京都千代田区', '管理 花子', '203.0.113.7']) expect(text).not.toContain(personal);
    expect(stored!.data).toEqual({ userId: 'taro', floor: 3, sealed: expect.stringMatching(/^porters\/taro:/) });
    expect(stored!.metadata.sealed).toMatch(/^porters\/hanako:/);
  });

  it('chains every event to the one before it, also across appends', async () => {
    const codec = codecWith(new LegibleCipher());
    const [first, second] = await encodeTwo(codec);
    const head = { revision: 1, hash: second!.metadata.hash };
    const [third] = await codec.encode(STREAM, head, [moved('大阪市北区', 'e3')], byHanako);
    expect(first!.metadata.previousHash).toBeNull();
    expect(second!.metadata.previousHash).toBe(first!.metadata.hash);
    expect(third!.metadata.previousHash).toBe(second!.metadata.hash);
    [first!, second!, third!].forEach((event, revision) =>
      expect(event.metadata.hash).toBe(recomputed(event, revision)),
    );
  });

  it.each([
    ['its data', (event: StoredEvent) => ({ ...event, data: { ...event.data, floor: 4 } })],
    ['its type', (event: StoredEvent) => ({ ...event, type: 'Opened' })],
    ['its id', (event: StoredEvent) => ({ ...event, id: 'other' })],
    [
      'who acted',
      (event: StoredEvent) => ({
        ...event,
        metadata: { ...event.metadata, actor: { kind: 'system' as const, name: 'x' } },
      }),
    ],
    ['when', (event: StoredEvent) => ({ ...event, metadata: { ...event.metadata, at: '2026-11-22T02:00:00.000Z' } })],
    ['its predecessor', (event: StoredEvent) => ({ ...event, metadata: { ...event.metadata, previousHash: 'x' } })],
  ])('hashes so that a change of %s shows', async (_what, change) => {
    const [event] = await encodeTwo(codecWith(new LegibleCipher()));
    expect(recomputed(change(event!), 0)).not.toBe(event!.metadata.hash);
    expect(recomputed(event!, 1)).not.toBe(event!.metadata.hash);
  });

  it('hashes what is stored whichever way the store orders its fields', async () => {
    const [event] = await encodeTwo(codecWith(new LegibleCipher()));
    const reordered = Object.fromEntries(
      Object.entries(event!.metadata).reverse(),
    ) as unknown as StoredEvent['metadata'];
    expect(recomputed({ ...event!, metadata: reordered }, 0)).toBe(event!.metadata.hash);
  });

  it('reads a forgotten person as a pseudonym, and the decision as it was', async () => {
    const cipher = new LegibleCipher();
    const codec = codecWith(cipher);
    const [stored] = await codec.encode(STREAM, null, [moved('東京都千代田区')], byHanako);
    cipher.forgotten.add('taro').add('hanako');
    const back = await codec.decode<Moved>(stored!, at(0));
    expect(back.data).toEqual({ userId: 'taro', address: FORGOTTEN, floor: 3 });
    expect(back.metadata.actor).toEqual({ kind: 'user', userId: 'hanako', name: FORGOTTEN, roles: ['admin'] });
    expect(back.metadata).not.toHaveProperty('clientAddress');
    expect(recomputed(stored!, 0)).toBe(stored!.metadata.hash);
  });

  it('seals no field that has no value, and keeps null as null', async () => {
    const codec = codecWith(new LegibleCipher());
    const unknownAddress = { id: 'e1', type: 'Moved', data: { userId: 'taro', address: null, floor: null } };
    const [stored] = await codec.encode(STREAM, null, [unknownAddress], bySystem);
    expect(stored!.data).toEqual(unknownAddress.data);
    expect((await codec.decode<Moved>(stored!, at(0))).data).toEqual(unknownAddress.data);
  });

  it('stops at a type that it does not know, writing and reading', async () => {
    const codec = codecWith(new LegibleCipher());
    const stranger = { id: 'e1', type: 'Vanished', data: {} };
    await expect(codec.encode(STREAM, null, [stranger], bySystem)).rejects.toThrow(UnknownEventType);
    const [stored] = await encodeTwo(codec);
    await expect(codec.decode({ ...stored!, type: 'Vanished' }, at(0))).rejects.toThrow(/Vanished/);
    for (const inherited of ['constructor', 'toString', '__proto__']) {
      await expect(codec.decode({ ...stored!, type: inherited }, at(0))).rejects.toThrow(UnknownEventType);
    }
  });
});
