import { attachmentContent, readMail } from '@libs/mail-parsing';
import { describe, expect, it } from 'vitest';
import { type MailParsing } from '../mail-parsing.js';
import { type KeptMail, type MessageStore, type Stranger } from './message-store.js';
import { NamelessMails } from './nameless-mails.js';

const scan = (page: string, encoding: '7bit' | 'base64' = '7bit', body = 'See the attachment.'): Buffer => {
  const text = encoding === '7bit' ? body : Buffer.from(`${body}\r\n\r\n`).toString('base64');
  const boundary = `b-${encoding}`;
  return Buffer.from(
    [
      'From: scanner@office.example',
      'To: taro@sample.example',
      'Subject: Scan',
      'Date: Sun, 01 Nov 2026 09:00:00 +0900',
      `Content-Type: multipart/mixed; boundary="${boundary}"`,
      '',
      `--${boundary}`,
      `Content-Type: text/plain\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${text}`,
      `--${boundary}`,
      'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=scan.pdf\r\nContent-Transfer-Encoding: base64',
      '',
      Buffer.from(page).toString('base64'),
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );
};
const receivedAt = new Date('2026-11-01T00:00:00Z');
const summary = { from: null, to: [], subject: 'Scan', preview: '', hasAttachments: true, size: 1 };
const mail = (id: string, source: Buffer): KeptMail => ({
  id,
  company: 'c',
  userId: 'u',
  identities: [id],
  headerIdentity: 'scanner at nine',
  knownIn: ['graph'],
  messageIdHeader: null,
  receivedAt,
  locator: id,
  summary,
  unreadable: null,
  source,
});

/** How the mails of one world pair with those that are kept from another. */
async function paired(mails: Record<string, Buffer>, kept: Record<string, Buffer>, more: Partial<Stranger> = {}) {
  const parsing = {
    read: async (source: Buffer) => readMail(source),
    attachment: async (source: Buffer, index: number) => attachmentContent(source, index),
  } as unknown as MailParsing;
  const messages = { source: async (_: string, id: string) => kept[id] ?? null } as unknown as MessageStore;
  const strangers = Object.keys(kept).map((id) => ({
    id,
    headerIdentity: 'scanner at nine',
    receivedAt,
    summary,
    ...more,
  }));
  const own = Object.entries(mails).map(([id, source]) => mail(id, source));
  const found = await new NamelessMails(parsing, messages).pairs('c', own, strangers);
  return found.map(([a, b]) => `${a.id}=${b.id}`);
}

describe('mails without a Message-ID, met in two worlds', () => {
  it('are the same where they say the same, however it is written', async () =>
    expect(await paired({ g1: scan('page 1', 'base64') }, { i1: scan('page 1') })).toEqual(['g1=i1']));

  it('are two where an attachment or a word differs, with all headers equal', async () => {
    expect(await paired({ g1: scan('page 2', 'base64') }, { i1: scan('page 1') })).toEqual([]);
    expect(await paired({ g1: scan('page 1', 'base64', 'Other.') }, { i1: scan('page 1') })).toEqual([]);
  });

  it('find each its own, and a kept one is the partner of one only', async () => {
    const [one, two] = [scan('page 1'), scan('page 2')];
    expect(await paired({ g1: one, g2: two, g3: one }, { i2: two, i1: one })).toEqual(['g1=i1', 'g2=i2']);
  });

  it('are two where headers differ, or one of them is gone or cannot be read', async () => {
    expect(await paired({ g1: scan('page 1') }, { i1: scan('page 1') }, { headerIdentity: 'at ten' })).toEqual([]);
    expect(await paired({ g1: scan('page 1') }, { i1: scan('page 1') }, { id: 'gone' })).toEqual([]);
  });
});
