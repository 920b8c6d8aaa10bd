import { type Connection } from 'mongoose';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AbandonedMails } from '../../../src/modules/outbox/composing/abandoned-mails.js';
import { KeptMails, type MailFacts } from '../../../src/modules/outbox/composing/kept-mails.js';
import { outboxMailStream } from '../../../src/modules/outbox/outbox.events.js';
import { type OutboxMailsView } from '../../../src/modules/outbox/read-model/outbox-mails.view.js';
import { type DeciderRunner } from '../../../src/platform/event-store/index.js';
import { DocumentStore } from '../platform-stores/document-store.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const facts: MailFacts = {
  from: { name: '営業 太郎', address: 'taro@example.co.jp' },
  to: [{ name: '', address: 'customer@example.com' }],
  cc: [],
  bcc: [],
  subject: '面接のご案内',
  preview: 'お世話になっております',
  hasAttachments: false,
  messageId: '<o1@hrbc.example>',
  inReplyTo: null,
  recipients: ['customer@example.com'],
  fingerprint: 'f',
};

let documents: DocumentStore;
let connection: Connection;
let kept: KeptMails;
/** What the record has, and what of it the read model shows. */
let onRecord: Set<string>;
let shown: Set<string>;
let whileLooking: () => Promise<unknown> = async () => undefined;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
  kept = new KeptMails(connection);
  await kept.prepare();
});
afterAll(() => documents.close());
beforeEach(async () => {
  for (const name of ['outbox_mails_kept', 'outbox_sources.files', 'outbox_sources.chunks']) {
    await connection.collection(name).deleteMany({});
  }
  [onRecord, shown, whileLooking] = [new Set(), new Set(), async () => undefined];
  for (const id of ['queued', 'abandoned']) await keep('porters', id);
});

const keep = async (company: string, id: string, words = 'MIME') =>
  kept.keep(company, id, facts, Readable.from([Buffer.from(words)]), 1_000);

/** The periodic job, so many days from now; it looks at the day before. */
async function forgetAfter(days: number): Promise<number> {
  const view = { known: async () => shown } as unknown as OutboxMailsView;
  const load = async (_decider: unknown, stream: string) => {
    await whileLooking();
    return { state: { status: onRecord.has(stream) ? 'queued' : 'none' } };
  };
  const abandoned = new AbandonedMails(kept, view, { load } as unknown as DeciderRunner);
  const now = Date.now() + days * DAY_MS;
  return abandoned.forget(new Date(now - 2 * DAY_MS), new Date(now - DAY_MS));
}

const leftIn = async (collection: string): Promise<unknown[]> =>
  (await connection.collection(collection).find().toArray()).map(({ _id, filename }) => filename ?? _id);

describe('a mail that was kept and never queued', () => {
  beforeEach(() => void onRecord.add(outboxMailStream('porters', 'queued')));

  it('is removed, and nothing of it stays', async () => {
    expect(await forgetAfter(1.5)).toBe(1);
    expect(await leftIn('outbox_mails_kept')).toEqual(['queued']);
    expect(await leftIn('outbox_sources.files')).toEqual(['queued']);
    expect((await kept.source('porters', 'queued'))?.toString()).toBe('MIME');
  });

  it('is left alone while its request may still be under way', async () => {
    expect(await forgetAfter(0.5)).toBe(0);
    expect(await leftIn('outbox_mails_kept')).toHaveLength(2);
  });

  it('is not one that the read model shows', async () => {
    shown = new Set(['abandoned']);
    expect(await forgetAfter(1.5)).toBe(0);
  });

  it('stays when somebody asks for it again in the very moment it is looked at', async () => {
    whileLooking = async () => kept.askFor('porters', 'abandoned');
    expect(await forgetAfter(1.5)).toBe(0);
    expect((await kept.source('porters', 'abandoned'))?.toString()).toBe('MIME');
  });

  it('can be sent once it is gone: the same request keeps it anew', async () => {
    await forgetAfter(1.5);
    expect(await kept.askFor('porters', 'abandoned')).toBeNull();
    await keep('porters', 'abandoned', 'once more');
    expect((await kept.source('porters', 'abandoned'))?.toString()).toBe('once more');
  });
});

describe('keeping under an id that is taken', () => {
  it('the first content stays, and nothing of the second', async () => {
    expect(await keep('porters', 'queued', 'another mail')).toMatchObject({ id: 'queued', size: 4 });
    expect((await kept.source('porters', 'queued'))?.toString()).toBe('MIME');
    expect(await leftIn('outbox_sources.files')).toHaveLength(2);
  });

  it('by another company is refused', async () => {
    await expect(keep('rival', 'queued')).rejects.toThrow('not of this company');
    expect(await kept.askFor('rival', 'queued')).toBeNull();
    expect(await leftIn('outbox_sources.files')).toHaveLength(2);
  });
});
