import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { LocalPostfix, postfixMissing } from '../support/local-postfix.js';
import { allMails, connectAccount, mailsAreHere, registerImapServer, saveDetails } from '../support/mailbox-steps.js';
import { sentMail, submit, untilState } from '../support/outbox-steps.js';
import { TestService } from '../support/service.js';

const TARO = 'taro@sample.example';
const SATO = 'sato@customer.example';
const taro = { userId: 'taro', email: TARO, name: '営業 太郎' };
const sato = { userId: 'sato', company: 'customer', email: SATO, name: '佐藤', roles: ['admin'] } as const;
const RESUME = Buffer.from('%PDF-1.7 履歴書');
const PIXEL = Buffer.from('iVBORw0KGgo=', 'base64');
const missing = findDovecot() === null ? 'Dovecot is not installed' : postfixMissing();

describe.skipIf(missing !== null)(
  `mail by Postfix into Dovecot and back (skipped where not: ${missing ?? 'it is'})`,
  () => {
    let dovecot: LocalDovecot;
    let postfix: LocalPostfix;
    let service: TestService;
    let author: ApiClient;
    let customer: ApiClient;

    beforeAll(async () => {
      dovecot = await startLocalDovecot({
        users: ['taro', 'sato', 'hidden', 'bounces'].map((name) => ({ name, password: 'password' })),
      });
      postfix = await LocalPostfix.start({
        [TARO]: dovecot.maildir('taro'),
        [SATO]: dovecot.maildir('sato'),
        'hidden@customer.example': dovecot.maildir('hidden'),
        'bounces@hrbc.example': dovecot.maildir('bounces'),
      });
      service = await TestService.start({
        SMTP_URL: postfix.url,
        SMTP_BOUNCE_ADDRESS: 'bounces@hrbc.example',
        SMTP_BOUNCE_MAILBOX: `imap://bounces:password@127.0.0.1:${dovecot.ports.imap}`,
      });
      author = await connected(await service.as({ ...taro, roles: ['admin'] }), 'taro');
      customer = await connected(await service.as(sato), 'sato');
    });
    afterAll(async () => {
      await service?.remove();
      await postfix?.stop();
      await dovecot?.stop();
    });

    const mailsIn = (maildir: string): string[] =>
      readdirSync(join(maildir, 'new')).map((name) => readFileSync(join(maildir, 'new', name), 'utf8'));

    async function connected(person: ApiClient, name: string): Promise<ApiClient> {
      await connectAccount(person, await registerImapServer(person, dovecot), name, 'password');
      await saveDetails(person, null, false);
      return person;
    }

    it('arrives as it was written: Japanese names, an image inside, blind recipients unnamed (R04)', async () => {
      const id = await submit(author, {
        to: [`佐藤 <${SATO}>`],
        bcc: ['hidden@customer.example'],
        subject: '【重要】面談のご案内（㈱サンプル）',
        text: '.点で始まる行\nよろしくお願いします。',
        html: '<p>ご案内<img src="cid:logo@mail"><script>x()</script></p>',
        attachments: [
          { name: 'ロゴ.png', type: 'image/png', contentBase64: PIXEL.toString('base64'), contentId: 'logo@mail' },
          { name: '職務経歴書（佐藤）.pdf', type: 'application/pdf', contentBase64: RESUME.toString('base64') },
        ],
      });
      const { messageId } = await untilState(author, id, 'accepted');
      const [arrived] = await mailsAreHere(customer, 1);
      const { body } = await customer.get(`/inbox/messages/${arrived!.id}`);
      expect(body).toMatchObject({
        messageId,
        subject: '【重要】面談のご案内（㈱サンプル）',
        from: { name: '営業 太郎', address: TARO },
        to: [{ name: '佐藤', address: SATO }],
        attachments: [
          { name: 'ロゴ.png', inline: true },
          { name: '職務経歴書（佐藤）.pdf', size: RESUME.length },
        ],
      });
      expect(body.text.trim()).toBe('.点で始まる行\nよろしくお願いします。');
      const file = await customer.bytes(`/inbox/messages/${arrived!.id}/attachments/1`);
      expect(file.bytes.equals(RESUME)).toBe(true);
      expect((await customer.bytes(`/inbox/messages/${arrived!.id}/source`)).bytes.toString()).not.toContain('hidden');

      // The blind recipient has it too; the name stands where the mail server writes it, and nowhere else.
      const copies = await eventually(
        async () => mailsIn(dovecot.maildir('hidden')),
        (mails) => mails.length > 0,
      );
      expect(copies).toHaveLength(1);
      expect(
        copies[0]!.replace(/^(?:X-Original-To|Delivered-To): .*\n|^Received: .*\n(?:\s.*\n)*/gm, ''),
      ).not.toContain('hidden');
    });

    it('is answered within its thread', async () => {
      const [question] = await allMails(customer);
      const { messageId } = (await customer.get(`/inbox/messages/${question!.id}`)).body;
      const id = await submit(customer, {
        to: [TARO],
        subject: 'Re: 面談のご案内',
        text: '承知しました。',
        inReplyTo: question!.id,
      });
      await untilState(customer, id, 'accepted');
      const [answer] = await mailsAreHere(author, 1);
      expect((await author.get(`/inbox/messages/${answer!.id}`)).body).toMatchObject({ inReplyTo: messageId });
      const source = (await author.bytes(`/inbox/messages/${answer!.id}/source`)).bytes.toString();
      expect(source).toContain(`References: ${messageId}`);
    });

    it('could not be delivered, or not yet: the mail system says so, and the mail shows it (R45)', async () => {
      const id = await submit(author, {
        to: [SATO, 'gone@customer.example', 'nobody@elsewhere.example', 'late@slow.example'],
        subject: '不達',
        text: 'x',
      });
      await untilState(author, id, 'accepted');
      const { attempts } = await eventually(
        () => sentMail(author, id),
        (mail) => mail.attempts.filter(({ outcome }) => /bounced|delayed/.test(outcome)).length >= 3,
      );
      const told = attempts.flatMap(({ outcome, refused }) => refused.map(({ address }) => `${address} ${outcome}`));
      expect(told.sort()).toEqual([
        'gone@customer.example bounced',
        'late@slow.example delayed',
        'nobody@elsewhere.example bounced',
      ]);
    });

    it('names nobody in its log', () => {
      expect(service.log).not.toContain(SATO);
    });
  },
);
