import { type Connection } from 'mongoose';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErasedSources } from '../../../src/modules/inbox/erasing/erased-sources.js';
import { type KeptMail, MessageStore } from '../../../src/modules/inbox/receiving/message-store.js';
import { DocumentStore } from '../platform-stores/document-store.js';

const summary = { from: { name: '顧客', address: 'customer@example.com' }, to: [], subject: '面談', preview: 'よろしく', hasAttachments: false, size: 9 }; // prettier-ignore
const mail = (id: string, day: number, userId = 'taro', source = Buffer.from(`mail ${id}`)): KeptMail => ({
  id,
  company: 'porters',
  userId,
  identities: [id, `${id}-bytes`],
  headerIdentity: `${id}-header`,
  messageIdHeader: `<${id}@example.com>`,
  receivedAt: new Date(Date.UTC(2026, 10, day)),
  locator: '7',
  knownIn: [],
  summary,
  unreadable: null,
  source,
});

let documents: DocumentStore;
let connection: Connection;
let store: MessageStore;
let erased: ErasedSources;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  store = new MessageStore(connection);
  erased = new ErasedSources(connection);
  await store.prepare();
  await erased.prepare();
});
afterAll(() => documents.close());
beforeEach(async () => {
  for (const name of ['message_sources', 'large_message_sources.files', 'large_message_sources.chunks']) {
    await connection.collection(name).deleteMany({});
  }
  await store.keep([mail('m1', 1), mail('m2', 2), mail('m3', 3), mail('other', 1, 'jiro')]);
});
const idsOf = (mails: readonly { readonly id: string }[]) => mails.map(({ id }) => id);

describe('erasing kept mail', () => {
  it('leaves nothing of what it said, and by what it is known should it come again', async () => {
    await erased.erase(['m1']);
    expect(await store.source('porters', 'm1')).toBeNull();
    const stored = JSON.stringify(
      await connection.collection<{ _id: string }>('message_sources').findOne({ _id: 'm1' }),
    );
    for (const trace of ['面談', 'customer', 'よろしく', '@example', 'bWFpbCBtMQ']) expect(stored).not.toContain(trace);
    expect(await store.idsByIdentity('porters', 'taro', ['m1-bytes'])).toEqual(new Map([['m1-bytes', 'm1']]));
    expect(await erased.erasedAmong(['m1', 'm2', 'nowhere'])).toEqual(new Set(['m1']));
    expect((await store.source('porters', 'm2'))?.toString()).toBe('mail m2');
  });

  it('changes nothing when it is done again', async () => {
    await erased.erase(['m1', 'm2']);
    const before = await connection.collection('message_sources').find().sort({ _id: 1 }).toArray();
    await erased.erase(['m1', 'm2']);
    expect(await connection.collection('message_sources').find().sort({ _id: 1 }).toArray()).toEqual(before);
  });

  it('reaches sources that are too large for a document', async () => {
    await store.keep([mail('large', 4, 'taro', randomBytes(5 * 1024 * 1024))]);
    expect(await connection.collection('large_message_sources.chunks').countDocuments()).toBeGreaterThan(0);
    await erased.erase(['large']);
    expect(await connection.collection('large_message_sources.chunks').countDocuments()).toBe(0);
    expect(await connection.collection('large_message_sources.files').countDocuments()).toBe(0);
    expect(await store.source('porters', 'large')).toBeNull();
  });

  it('is not undone when the same mail is kept once more, or read anew', async () => {
    await erased.erase(['m1']);
    await store.keep([mail('m1', 1)]);
    await store.replaceReading('porters', 'm1', mail('m1', 1));
    expect(await store.source('porters', 'm1')).toBeNull();
    const stored = JSON.stringify(
      await connection.collection<{ _id: string }>('message_sources').findOne({ _id: 'm1' }),
    );
    expect(stored).not.toContain('面談');
    expect(idsOf(await store.readingsBehind(null, 10))).toEqual(['m2', 'm3', 'other']);
  });

  it('finds what there is to erase: of a person, and of an age, each once', async () => {
    expect(idsOf(await erased.ofPerson('porters', 'taro', 2))).toEqual(['m1', 'm2']);
    expect(await erased.ofPerson('rival', 'taro', 9)).toEqual([]);
    const before = new Date(Date.UTC(2026, 10, 2));
    expect(idsOf(await erased.receivedBefore('porters', before, 9)).sort()).toEqual(['m1', 'other']);
    await erased.erase(['m1']);
    expect(idsOf(await erased.ofPerson('porters', 'taro', 9))).toEqual(['m2', 'm3']);
    expect(await erased.receivedBefore('porters', before, 9)).toEqual([{ id: 'other', userId: 'jiro' }]);
  });
});
