import { type Connection } from 'mongoose';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeptMails, type MailFacts } from '../../../src/modules/outbox/composing/kept-mails.js';
import { ErasedMails } from '../../../src/modules/outbox/erasing/erased-mails.js';
import { DocumentStore } from '../platform-stores/document-store.js';

const customer = { name: '顧客', address: 'customer@example.com' };
const facts: MailFacts = {
  from: { name: '営業 太郎', address: 'taro@example.co.jp' },
  to: [customer],
  cc: [],
  bcc: [{ name: '', address: 'hidden@example.com' }],
  subject: '内定のご連絡',
  preview: 'おめでとう',
  hasAttachments: true,
  messageId: '<o1@hrbc.example>',
  inReplyTo: '<before@example.com>',
  recipients: ['customer@example.com', 'hidden@example.com'],
  fingerprint: 'f',
};

let documents: DocumentStore;
let connection: Connection;
let kept: KeptMails;
let erased: ErasedMails;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  kept = new KeptMails(connection);
  erased = new ErasedMails(connection);
});
afterAll(() => documents.close());
beforeEach(async () => {
  for (const name of ['outbox_mails_kept', 'outbox_sources.files', 'outbox_sources.chunks']) {
    await connection.collection(name).deleteMany({});
  }
  for (const id of ['o1', 'o2']) {
    await kept.keep('porters', id, facts, Readable.from([Buffer.from('MIME '), randomBytes(400_000)]), 1_000_000);
  }
});

describe('erasing written mail', () => {
  it('leaves nothing of it but that it was, and to how many', async () => {
    expect(await erased.erase('porters', ['o1'])).toBe(1);
    const [document] = await connection.collection<{ _id: string }>('outbox_mails_kept').find({ _id: 'o1' }).toArray();
    const text = JSON.stringify(document);
    for (const trace of ['太郎', '顧客', '@example.co', 'hidden', '内定', 'おめでとう'])
      expect(text).not.toContain(trace);
    expect(await kept.source('porters', 'o1')).toBeNull();
    expect((await kept.factsOf('porters', 'o1')).recipients).toEqual(['', '']);
    const files = await connection.collection('outbox_sources.files').find().toArray();
    expect(files.map(({ filename }): unknown => filename)).toEqual(['o2']);
    expect((await kept.source('porters', 'o2'))?.subarray(0, 4).toString()).toBe('MIME');
  });

  it('is done once, and only of the own company', async () => {
    expect(await erased.erase('rival', ['o1'])).toBe(0);
    expect(await erased.erase('porters', ['o1', 'o2', 'nowhere'])).toBe(2);
    expect(await erased.erase('porters', ['o1', 'o2'])).toBe(0);
  });
});
