import { Readable } from 'node:stream';
import { composeMail } from '@libs/mail-composing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Commit, type MailSender, type PreparedMail } from '../../../src/gateways/index.js';

/** A way of sending with what is behind it, as the suite drives it. */
export interface SenderUnderTest {
  readonly sender: MailSender;
  /** An address that may be sent from. */
  readonly from: string;
  /** The mails with this id that the provider has taken, each as a recipient gets it. */
  readonly taken: (mailId: string) => readonly Buffer[];
  /** What happens to the next mail, at the very word that hands it over. */
  readonly next: (fate: Fate) => void;
  readonly close: () => Promise<void>;
}

/** `lost`: it is taken, and nobody is told. `refused`: it is not taken, and that is said. */
export type Fate = 'lost' | 'refused';

export const never = new AbortController().signal;
export const RECIPIENTS = ['sato@customer.example', 'ito@customer.example', 'hidden@customer.example'];

export async function aMail(mailId: string, from: string): Promise<PreparedMail> {
  const draft = {
    from: { name: '営業 太郎', address: from },
    to: [{ name: '佐藤', address: 'sato@customer.example' }],
    cc: [{ name: '', address: 'ito@customer.example' }],
    subject: '面談のご案内',
    text: 'よろしくお願いいたします。',
    html: null,
    attachments: [],
    messageId: `<${mailId}@sample.example>`,
    date: new Date('2026-11-01T00:00:00Z'),
    inReplyTo: null,
    references: [],
    headers: { 'X-HRBC-Mail-Id': mailId },
  };
  const chunks: Buffer[] = [];
  for await (const chunk of composeMail(draft)) chunks.push(chunk as Buffer);
  const mime = Buffer.concat(chunks);
  return {
    mailId,
    messageId: draft.messageId,
    from,
    returnPath: null,
    envelopeId: mailId,
    recipients: RECIPIENTS,
    bcc: ['hidden@customer.example'],
    size: mime.length,
    inReplyTo: null,
    source: () => Readable.from([mime.subarray(0, 50), mime.subarray(50)]),
  };
}

/** What MailSender promises, for whichever system it speaks to. `isSearchable`: what was sent can be asked for. */
export function describeMailSender(name: string, isSearchable: boolean, start: () => Promise<SenderUnderTest>): void {
  describe(`${name}, as every way of sending`, () => {
    let under: SenderUnderTest;
    let commits: number;
    const began = new Date();
    const commit: Commit = async () => {
      commits += 1;
    };

    beforeEach(async () => {
      under = await start();
      commits = 0;
    });
    afterEach(async () => under.close());

    const searched = (mailId: string) => under.sender.findSent(mailId, began, never);

    it('hands a mail over once, and asks for the commit once', async () => {
      const mail = await aMail('mail-1', under.from);
      expect(await under.sender.send(mail, commit, never)).toMatchObject({ kind: 'accepted', refused: [] });
      expect(commits).toBe(1);
      expect(under.taken('mail-1')).toHaveLength(1);
      expect((await searched('mail-1')).kind).toBe(isSearchable ? 'found' : 'unsearchable');
    });

    it('names blind recipients to nobody', async () => {
      await under.sender.send(await aMail('mail-1', under.from), commit, never);
      const [taken] = under.taken('mail-1');
      expect(taken!.toString()).toContain('sato@customer.example');
      expect(taken!.toString()).not.toContain('hidden@customer.example');
    });

    it('hands nothing over when the commit is refused', async () => {
      const refuse: Commit = async () => {
        throw new Error('Another instance has this mail.');
      };
      const mail = await aMail('mail-1', under.from);
      expect((await under.sender.send(mail, refuse, never)).kind).toBe('not_sent');
      expect(under.taken('mail-1')).toEqual([]);
    });

    it('begins nothing once the service is to end', async () => {
      const mail = await aMail('mail-1', under.from);
      expect(await under.sender.send(mail, commit, AbortSignal.abort())).toEqual({
        kind: 'not_sent',
        failure: { kind: 'Unavailable', detail: 'aborted' },
        refused: [],
      });
      expect(commits).toBe(0);
      expect(under.taken('mail-1')).toEqual([]);
    });

    it('does not know what became of a mail whose answer is lost, and does not repeat it', async () => {
      under.next('lost');
      expect((await under.sender.send(await aMail('mail-1', under.from), commit, never)).kind).toBe('uncertain');
      expect(under.taken('mail-1')).toHaveLength(1);
      expect((await searched('mail-1')).kind).toBe(isSearchable ? 'found' : 'unsearchable');
    });

    it('says for certain that a refused mail was not sent', async () => {
      under.next('refused');
      expect((await under.sender.send(await aMail('mail-1', under.from), commit, never)).kind).toBe('not_sent');
      expect(under.taken('mail-1')).toEqual([]);
      expect((await searched('mail-1')).kind).toBe(isSearchable ? 'absent' : 'unsearchable');
    });

    it('tells one mail from another', async () => {
      for (const id of ['mail-1', 'mail-2']) await under.sender.send(await aMail(id, under.from), commit, never);
      expect([under.taken('mail-1').length, under.taken('mail-2').length]).toEqual([1, 1]);
      if (isSearchable) expect((await searched('mail-3')).kind).toBe('absent');
    });

    it('can send from the own address', async () => {
      expect(await under.sender.checkFrom(under.from, never)).toEqual({ sendable: 'yes' });
    });
  });
}
