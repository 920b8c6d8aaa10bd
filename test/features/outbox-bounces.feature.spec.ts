import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { deliveryReport } from '../support/delivery-reports.js';
import { eventually } from '../support/eventually.js';
import { sentMail, type SentMail, submit, untilState } from '../support/outbox-steps.js';
import { TestService } from '../support/service.js';
import { type ReceivedMail, SmtpReceiver } from '../support/smtp-receiver.js';

const taro = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };
const jiro = { userId: 'jiro', email: 'jiro@sample.example' };
const SATO = 'sato@customer.example';
const TANAKA = 'tanaka..t.@docomo.example';
const letter = { to: [SATO], cc: [TANAKA], subject: '面談のご案内', text: 'よろしくお願いします。' };
const MANY = 30;

describe.skipIf(findDovecot() === null)(
  'mail that could not be delivered (skipped where Dovecot is not installed)',
  () => {
    let smtp: SmtpReceiver;
    let dovecot: LocalDovecot;
    let service: TestService;
    let user: ApiClient;

    beforeAll(async () => {
      smtp = await SmtpReceiver.start();
      dovecot = await startLocalDovecot({ users: [{ name: 'bounces', password: 'päss wörd' }] });
      service = await TestService.start({
        SMTP_URL: smtp.url(),
        SMTP_BOUNCE_ADDRESS: 'bounces@hrbc.example',
        SMTP_BOUNCE_MAILBOX: `imap://bounces:${encodeURIComponent('päss wörd')}@127.0.0.1:${dovecot.ports.imap}`,
        // The operator's own mailbox needs no exemption from the refusal of private addresses.
        MAIL_HOSTS_ALLOWED_PRIVATE: '10.255.255.255',
      });
      user = await service.as(taro);
    });
    afterAll(async () => {
      await service?.remove();
      await smtp?.close();
      await dovecot?.stop();
    });

    /** Sends a mail; answers it as its recipients' server has it. */
    const sent = async (mail: object = letter, author: ApiClient = user): Promise<[string, ReceivedMail]> => {
      const id = await submit(author, mail);
      await untilState(author, id, 'accepted');
      return [id, smtp.taken.find(({ source }) => source.includes(id))!];
    };
    const reports = (mail: SentMail) => mail.attempts.filter(({ outcome }) => /bounced|delayed/.test(outcome));
    const untilReported = (id: string, count = 1): Promise<SentMail> =>
      eventually(
        () => sentMail(user, id),
        (mail) => reports(mail).length >= count,
      );
    const deliver = (source: Buffer) => dovecot.deliver('bounces', source);

    it('shows who did not get it, and why; the mailbox stays as it was', async () => {
      const [id, mail] = await sent();
      expect(mail.from).toMatch(/^bounces\+[a-z2-7]{39}@hrbc\.example$/);
      deliver(
        deliveryReport(
          mail,
          { recipient: SATO.toUpperCase(), action: 'failed', status: '5.1.1' },
          { recipient: `"tanaka..t."@docomo.example`, action: 'delayed', status: '4.4.1' },
        ),
      );
      const before = dovecot.snapshot('bounces');
      const { state, attempts } = await untilReported(id, 2);
      // What the provider took it has taken; that it was not delivered is told beside it (R45).
      expect(state).toBe('accepted');
      expect(attempts).toMatchObject([
        { outcome: 'accepted' },
        { outcome: 'bounced', code: 'bounced', refused: [{ address: SATO, code: 'bounced' }] },
        { outcome: 'delayed', code: 'delivery_delayed', refused: [{ address: TANAKA, code: 'delivery_delayed' }] },
      ]);
      expect(attempts[1]!.detail).toContain('5.1.1');
      expect((await user.get('/outbox/messages?limit=1')).body.items[0].attempts).toHaveLength(3);

      deliver(deliveryReport(mail, { recipient: TANAKA, action: 'failed', status: '4.4.7' }));
      expect(reports(await untilReported(id, 3)).at(-1)).toMatchObject({
        refused: [{ address: TANAKA, code: 'bounced' }],
      });
      expect(dovecot.snapshot('bounces').slice(0, before.length)).toEqual(before);
      expect(before.every(({ recent, flags }) => recent && flags.length === 0)).toBe(true);
    });

    it('reads reports in words, as Japanese carriers write them', async () => {
      const [id, mail] = await sent();
      const text = `次のあて先へのメッセージはエラーのため送信できませんでした。\r\n「${SATO}」\r\n550 Unknown user ${SATO}\r\n`;
      const head = `Return-Path: <>\r\nFrom: Mail System <MAILER-DAEMON@carrier.example>\r\nTo: ${mail.from.toUpperCase()}\r\n`;
      deliver(Buffer.from(`${head}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`));
      expect(reports(await untilReported(id))).toMatchObject([{ outcome: 'bounced', refused: [{ address: SATO }] }]);
    });

    it('knows the mail by its Message-ID where nothing else is left of it', async () => {
      const [id, mail] = await sent({ ...letter, cc: [] });
      deliver(deliveryReport({ ...mail, from: 'postmaster@hrbc.example', envelopeId: '' }, { recipient: 'x@elsewhere.example', action: 'failed', status: '5.0.0' })); // prettier-ignore
      expect(reports(await untilReported(id))).toMatchObject([{ refused: [{ address: SATO }] }]);
    });

    it('believes no report that somebody made up, and takes nothing else for one', async () => {
      const other = await service.as(jiro);
      const [victim, mail] = await sent(letter, other);
      const verdict = { recipient: SATO, action: 'failed', status: '5.1.1' } as const;
      const head = Buffer.from(`X-HRBC-Mail-Id: ${victim}\r\nMessage-ID: <${victim}@sample.example>\r\n\r\n`);
      const guessed = `bounces+${'a'.repeat(39)}@hrbc.example`;
      deliver(deliveryReport({ from: guessed, envelopeId: victim, source: head }, verdict));
      deliver(deliveryReport(mail, { ...verdict, action: 'delivered', status: '2.0.0' }));
      deliver(Buffer.from(`From: ${SATO}\r\nTo: ${mail.from}\r\nAuto-Submitted: auto-replied\r\n\r\n550 5.1.1 ${SATO} is away\r\n`)); // prettier-ignore
      deliver(Buffer.from([0, 255, 254, 13, 10]));
      // Once a later report is told, the earlier ones have been looked at.
      const [id, last] = await sent();
      deliver(deliveryReport(last, verdict));
      await untilReported(id);
      expect(reports(await sentMail(other, victim))).toEqual([]);
    });

    it(`killed while it reads: each of ${MANY} reports is told once`, async () => {
      const ids = await Promise.all(Array.from({ length: MANY }, async () => submit(user, letter)));
      for (const id of ids) await untilState(user, id, 'accepted');
      for (const id of ids) {
        const mail = smtp.taken.find(({ source }) => source.includes(id))!;
        deliver(deliveryReport(mail, { recipient: SATO, action: 'failed', status: '5.1.1' }));
        deliver(deliveryReport(mail, { recipient: SATO, action: 'failed', status: '5.1.1' }));
      }
      await eventually(
        async () => Promise.all(ids.map(async (id) => reports(await sentMail(user, id)).length)),
        (told) => told.some((count) => count > 0),
      );
      await service.kill();
      await service.run();
      for (const id of ids) expect(reports(await untilReported(id))).toHaveLength(1);
    });

    it('goes on without the mailbox, and reads on when it is back', async () => {
      await dovecot.kill();
      const [id, mail] = await sent();
      deliver(deliveryReport(mail, { recipient: SATO, action: 'failed', status: '5.1.1' }));
      await eventually(
        async () => service.log,
        (log) => log.includes('The mailbox for delivery reports cannot be read.'),
      );
      expect(service.log).not.toContain('päss wörd');
      expect(reports(await sentMail(user, id))).toEqual([]);
      await dovecot.restart();
      await untilReported(id);

      // Restored from a backup it has other UIDs: it is read again from the beginning, and nothing is told twice.
      dovecot.resetUidValidity('bounces');
      const [after, later] = await sent();
      deliver(deliveryReport(later, { recipient: SATO, action: 'failed', status: '5.1.1' }));
      await untilReported(after);
      expect(reports(await sentMail(user, id))).toHaveLength(1);
    });
  },
);
