import { randomBytes } from 'node:crypto';
import { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeptMail, MessageStore } from '../../../src/modules/inbox/receiving/message-store.js';
import { sha256 } from '../../support/generated-mails.js';
import { DocumentStore } from '../platform-stores/document-store.js';
import { COMPANY } from './receiving-service.js';

let documents: DocumentStore;
let connection: Connection;
let store: MessageStore;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  store = new MessageStore(connection);
  await store.prepare();
});
afterAll(async () => documents?.close());

const kept = (id: string, source: Buffer, over: Partial<KeptMail> = {}): KeptMail => ({
  id,
  company: COMPANY,
  userId: 'alice',
  identities: [id, `bytes of ${id}`],
  knownIn: ['original'],
  headerIdentity: `headers of ${id}`,
  messageIdHeader: `<${id}@example>`,
  receivedAt: new Date('2026-11-02T00:00:00Z'),
  locator: '1/1',
  summary: { from: null, to: [], subject: id, preview: '', hasAttachments: false, size: source.length },
  unreadable: null,
  source,
  ...over,
});
const files = () => connection.collection('large_message_sources.files');

describe('kept mail', () => {
  it('is given back byte for byte, whatever the bytes', async () => {
    const source = Buffer.from(Array.from({ length: 1_024 }, (_, n) => n % 256));
    await store.keep([kept('any-bytes', source), kept('empty', Buffer.alloc(0))]);
    expect((await store.source(COMPANY, 'any-bytes'))?.equals(source)).toBe(true);
    expect((await store.source(COMPANY, 'empty'))?.length).toBe(0);
  });

  it('is no other company’s', async () => {
    await store.keep([kept('ours', Buffer.from('ours'))]);
    expect(await store.source('rival', 'ours')).toBeNull();
  });

  it('may be as large as mail gets, and is stored once however often it is kept', async () => {
    const source = randomBytes(9 * 1024 * 1024); // does not shrink by compression
    await store.keep([kept('large', source)]);
    await store.keep([kept('large', source)]);
    expect(sha256((await store.source(COMPANY, 'large'))!)).toBe(sha256(source));
    expect(await files().countDocuments({ filename: 'large' })).toBe(1);
  });

  it('is whole after an upload that was cut off', async () => {
    const source = randomBytes(6 * 1024 * 1024);
    // What a crash in mid-upload leaves: chunks that no file names.
    await connection
      .collection('large_message_sources.chunks')
      .insertOne({ files_id: 'of-nobody', n: 0, data: randomBytes(10) });
    await store.keep([kept('cut-off', source)]);
    expect(sha256((await store.source(COMPANY, 'cut-off'))!)).toBe(sha256(source));
  });

  it('stays as it was when the same mail is kept again', async () => {
    await store.keep([kept('twice', Buffer.from('first'))]);
    await store.keep([
      kept('twice', Buffer.from('first'), { receivedAt: new Date('2027-01-01T00:00:00Z') }),
      kept('beside', Buffer.from('beside')),
    ]);
    const facts = await store.factsOf(['twice', 'beside', 'never']);
    expect([...facts.keys()].sort()).toEqual(['beside', 'twice']);
    expect(facts.get('twice')!.receivedAt).toEqual(new Date('2026-11-02T00:00:00Z'));
  });

  it('is found by every identity it has had, in its own mailbox only', async () => {
    await store.keep([kept('known', Buffer.from('known'))]);
    await store.replaceReading(COMPANY, 'known', {
      summary: kept('known', Buffer.from('known')).summary,
      unreadable: null,
      messageIdHeader: '<better@example>',
      headerIdentity: 'better headers',
      identities: ['known by a better parser'],
    });
    const wanted = ['known', 'bytes of known', 'known by a better parser', 'never met'];
    expect([...(await store.idsByIdentity(COMPANY, 'alice', wanted))]).toEqual([
      ['known', 'known'],
      ['bytes of known', 'known'],
      ['known by a better parser', 'known'],
    ]);
    expect((await store.idsByIdentity(COMPANY, 'bob', wanted)).size).toBe(0);
    expect(await store.idsByMessageId(COMPANY, 'alice', '<better@example>')).toEqual(['known']);
  });

  it('that was read anew owes an event until that is on the record', async () => {
    await store.keep([kept('owing', Buffer.from('owing'))]);
    const reading = kept('owing', Buffer.from('owing'));
    await store.replaceReading(COMPANY, 'owing', reading);
    const pending = async () =>
      (await store.readingsBehind(null, 100)).filter(({ rereadPending }) => rereadPending).map(({ id }) => id);
    expect(await pending()).toContain('owing');
    await store.rereadRecorded(['owing']);
    expect(await pending()).not.toContain('owing');
  });

  it('is walked over in the order of ids, each once', async () => {
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await store.readingsBehind(after, 3);
      if (page.length === 0) break;
      ids.push(...page.map(({ id }) => id));
      after = page.at(-1)!.id;
    }
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(await store.count());
  });
});
