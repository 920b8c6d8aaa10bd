import { afterAll, beforeAll, describe, it, expect, onTestFinished } from 'vitest';
import { findDovecot, type LocalDovecot, type MaildirEntry, startLocalDovecot } from '@libs/local-dovecot';
import type { MailAccount, MailNetwork } from '../../../src/gateways/mail-account.js';
import type { MailBatch, MailReader } from '../../../src/gateways/mail-reader.port.js';
import type { ReaderLimits } from '../../../src/gateways/reader-limits.js';
import { itReadsOverTls } from './mail-reader-tls.suite.js';
import { failureOf, lastCursor, pass, request, subjects, throughJson } from './passes.js';
import {
  awkwardMails,
  DAY_AFTER,
  JUST_BEFORE,
  JUST_IN_TIME,
  largeMail,
  LONG_AGO,
  type SampleMail,
  sampleMail,
} from './sample-mails.js';

/** One implementation of MailReader, and what of its server's behaviour differs from the other's. */
export interface ReaderUnderTest {
  readonly protocol: 'imap' | 'pop3';
  readonly readerFor: (account: MailAccount, network: MailNetwork, limits?: Partial<ReaderLimits>) => MailReader;
}

const taro = { name: 'taro@example.co.jp', password: 'corr3ct horse' };

/** The guarantees of MailReader (see its doc comment), against a real Dovecot. */
export function describeMailReader({ protocol, readerFor }: ReaderUnderTest): void {
  const installed = findDovecot() !== null;
  const title = `MailReader by ${protocol}${installed ? '' : ' (skipped: Dovecot is not installed)'}`;

  describe.skipIf(!installed)(title, () => {
    let dovecot: LocalDovecot;
    let network: MailNetwork;

    beforeAll(async () => {
      dovecot = await startLocalDovecot({ users: users() });
      network = { allowedPrivate: [dovecot.host], extraCertificateAuthorities: [dovecot.ca] };
    });
    afterAll(() => dovecot.stop());

    /** Every test has a mailbox of its own. */
    let used = 0;
    const mailbox = () => {
      const { name, password } = users()[used++] ?? taro;
      const account: MailAccount = {
        protocol,
        security: 'none',
        host: dovecot.host,
        port: dovecot.ports[protocol],
        accountName: name,
        password,
      };
      return {
        account,
        deliver: (mail: SampleMail, folder?: string) =>
          dovecot.deliver(name, mail.source, { internalDate: mail.receivedAt, ...(folder && { folder }) }),
        snapshot: () => dovecot.snapshot(name).map(withoutRecent),
        reader: (limits?: Partial<ReaderLimits>) => readerFor(account, network, limits),
        name,
      };
    };

    it('yields what was received at or after the instant, byte for byte, oldest first', async () => {
      const { deliver, reader } = mailbox();
      const wanted = [sampleMail('edge', JUST_IN_TIME), ...awkwardMails(DAY_AFTER), sampleMail('last', DAY_AFTER)];
      deliver(sampleMail('long ago', LONG_AGO));
      deliver(sampleMail('one second too old', JUST_BEFORE));
      for (const mail of wanted) deliver(mail);

      const batches = await pass(reader());

      const mails = batches.flatMap((batch) => batch.mails);
      expect(mails.map((mail) => mail.source.toString('latin1'))).toEqual(
        wanted.map((mail) => mail.source.toString('latin1')),
      );
      expect(mails.map((mail) => mail.receivedAt)).toEqual(wanted.map((mail) => mail.receivedAt));
      expect(new Set(mails.map((mail) => mail.locator)).size).toBe(wanted.length);
      expect(batches.map((batch) => batch.found)).toEqual(batches.map(() => wanted.length));
      expect(batches[0]?.oldestOnServer).toEqual(LONG_AGO);
    });

    it('reads no folder but the INBOX itself', async () => {
      const { deliver, reader } = mailbox();
      deliver(sampleMail('inside', DAY_AFTER));
      deliver(sampleMail('beside', DAY_AFTER), 'Archive');
      deliver(sampleMail('below', DAY_AFTER), 'INBOX.Sub');
      expect(subjects(await pass(reader()))).toEqual(['inside']);
    });

    it('changes nothing on the server', async () => {
      const { deliver, reader, snapshot } = mailbox();
      for (let index = 0; index < 5; index++) deliver(sampleMail(`mail ${index}`, DAY_AFTER));
      const before = snapshot();
      const [batch] = await pass(reader());
      await pass(reader(), batch?.cursor ?? null);
      expect(snapshot()).toEqual(before);
    });

    it('goes on behind the cursor of every batch', async () => {
      const { deliver, reader } = mailbox();
      const all = Array.from({ length: 10 }, (_, index) => `mail ${index}`);
      for (const subject of all) deliver(sampleMail(subject, DAY_AFTER));
      const batches = await pass(reader({ batchMails: 3 }));
      expect(batches.map((batch) => batch.mails.length)).toEqual([3, 3, 3, 1]);
      let seen: string[] = [];
      for (const batch of batches) {
        seen = [...seen, ...subjects([batch])];
        const rest = await pass(reader(), throughJson(batch.cursor));
        expect([...seen, ...subjects(rest)]).toEqual(all);
      }
    });

    it('yields later deliveries behind the last cursor, and then nothing', async () => {
      const { deliver, reader } = mailbox();
      deliver(sampleMail('early', DAY_AFTER));
      const first = lastCursor(await pass(reader()));
      deliver(sampleMail('later', DAY_AFTER));
      deliver(sampleMail('later, but received before the day', JUST_BEFORE));
      const second = await pass(reader(), first);
      expect(subjects(second)).toEqual(['later']);
      const third = await pass(reader(), lastCursor(second));
      expect(subjects(third)).toEqual([]);
      expect(lastCursor(third)).toEqual(lastCursor(second));
    });

    it('yields one batch without mails for an empty INBOX, with a cursor that later mail lies behind', async () => {
      const { deliver, reader } = mailbox();
      const batches = await pass(reader());
      expect(batches).toMatchObject([{ mails: [], unreadable: [], found: 0, oldestOnServer: null }]);
      deliver(sampleMail('first ever', DAY_AFTER));
      expect(subjects(await pass(reader(), lastCursor(batches)))).toEqual(['first ever']);
    });

    it('passes over mail from before the instant once and for all', async () => {
      const { deliver, reader } = mailbox();
      deliver(sampleMail('old', LONG_AGO));
      const batches = await pass(reader());
      expect(batches).toMatchObject([{ mails: [], found: 0, oldestOnServer: LONG_AGO }]);
      expect(await pass(reader(), lastCursor(batches))).toMatchObject([{ mails: [], found: 0 }]);
    });

    it('keeps batches below their size in bytes, a single larger mail excepted', async () => {
      const { deliver, reader } = mailbox();
      for (const [index, bytes] of [40_000, 40_000, 250_000, 40_000, 90_000].entries()) {
        deliver(largeMail(`mail ${index}`, bytes, DAY_AFTER));
      }
      const batches = await pass(reader({ batchBytes: 100_000 }));
      expect(batches.map(({ mails }) => mails.length)).toEqual([2, 1, 1, 1]);
      expect(subjects(batches)).toEqual(['mail 0', 'mail 1', 'mail 2', 'mail 3', 'mail 4']);
    });

    it('reports a mail above the limit as unreadable and goes on', async () => {
      const { deliver, reader } = mailbox();
      deliver(sampleMail('before', DAY_AFTER));
      deliver(largeMail('too large', 300_000, DAY_AFTER));
      deliver(sampleMail('behind', DAY_AFTER));
      const batches = await pass(reader({ mailBytes: 200_000 }));
      expect(subjects(batches)).toEqual(['before', 'behind']);
      const unreadable = batches.flatMap((batch) => batch.unreadable);
      expect(unreadable).toMatchObject([{ reason: 'too_large', receivedAt: DAY_AFTER }]);
      expect(subjects(await pass(reader(), lastCursor(batches)))).toEqual([]);
    });

    it('skips a mail that somebody deletes during the pass', async () => {
      const { deliver, reader, name } = mailbox();
      for (let index = 0; index < 6; index++) deliver(sampleMail(`mail ${index}`, DAY_AFTER));
      const seen: string[] = [];
      for await (const batch of reader({ batchMails: 1 }).changesSince(request(null))) {
        seen.push(...subjects([batch]));
        if (seen.length === 1) dovecot.remove(name, dovecot.snapshot(name).at(-1)?.id ?? '');
      }
      expect(seen.slice(0, 5)).toEqual(['mail 0', 'mail 1', 'mail 2', 'mail 3', 'mail 4']);
    });

    it('ends soon after the signal is aborted, with a GatewayError', async () => {
      const { deliver, reader } = mailbox();
      for (let index = 0; index < 6; index++) deliver(sampleMail(`mail ${index}`, DAY_AFTER));
      const abort = new AbortController();
      const read = async (): Promise<void> => {
        for await (const batch of reader({ batchMails: 1 }).changesSince(request(null, abort.signal))) {
          expect(batch.mails).toHaveLength(1);
          abort.abort();
        }
      };
      await expect(read()).rejects.toMatchObject({ failure: { kind: 'Unavailable', detail: 'aborted' } });
    });

    it('can be left in the middle of a pass', async () => {
      const { deliver, reader } = mailbox();
      for (let index = 0; index < 6; index++) deliver(sampleMail(`mail ${index}`, DAY_AFTER));
      for await (const batch of reader({ batchMails: 1 }).changesSince(request(null))) {
        expect(subjects([batch])).toEqual(['mail 0']);
        break;
      }
      expect(subjects(await pass(reader()))).toHaveLength(6);
    });

    it('loses and doubles nothing when the server is killed and restarted in the middle of a pass', async () => {
      const server = await startLocalDovecot({ users: [taro] });
      onTestFinished(() => server.stop());
      const all = Array.from({ length: 30 }, (_, index) => `mail ${index}`);
      for (const subject of all) {
        server.deliver(taro.name, sampleMail(subject, DAY_AFTER).source, { internalDate: DAY_AFTER });
      }
      const login = { accountName: taro.name, password: taro.password, port: server.ports[protocol] };
      const interrupted = readerFor({ ...mailbox().account, ...login }, network, { batchMails: 4 });
      const committed: MailBatch[] = [];
      let restarts = 0;
      while (subjects(committed).length < all.length) {
        const cursor = committed.length === 0 ? null : lastCursor(committed);
        try {
          for await (const batch of interrupted.changesSince(request(cursor))) {
            committed.push(batch);
            if (restarts++ < 3) await server.kill().then(() => server.restart());
          }
        } catch (error) {
          expect(failureOf(error)).toMatchObject({ kind: 'Unavailable' });
        }
      }
      expect(subjects(committed)).toEqual(all);
      expect(restarts).toBeGreaterThan(3);
      expect(committed.flatMap((batch) => batch.unreadable)).toEqual([]);
    });

    it.each([
      ['a wrong password', { password: 'wrong' }, { kind: 'AuthorizationLost' }],
      ['an unknown account', { accountName: 'nobody@example.co.jp' }, { kind: 'AuthorizationLost' }],
      [
        'a password with a line end',
        { password: 'x\r\nDELE 1' },
        { kind: 'Rejected', code: 'credentials_not_allowed' },
      ],
      [
        'an account with a line end',
        { accountName: 'x\r\nDELE 1' },
        { kind: 'Rejected', code: 'credentials_not_allowed' },
      ],
      ['an unknown host', { host: 'nowhere.invalid' }, { kind: 'Unavailable', detail: 'unknown_host' }],
      ['a private host', { host: '127.0.0.9' }, { kind: 'Unavailable', detail: 'private_address' }],
      ['a server that is away', { port: 1 }, { kind: 'Unavailable', detail: 'connection_refused' }],
    ])('fails for %s with a GatewayError', async (_, change, failure) => {
      const { account } = mailbox();
      const reader = readerFor({ ...account, ...change }, network);
      await expect(pass(reader)).rejects.toMatchObject({ name: 'GatewayError', failure });
    });

    it('takes odd characters in account and password for what they are', async () => {
      const odd = { name: 'o+d d%=name', password: ' sp"ace\\s パスワード ' };
      const server = await startLocalDovecot({ users: [odd] });
      onTestFinished(() => server.stop());
      server.deliver(odd.name, sampleMail('odd', DAY_AFTER).source, { internalDate: DAY_AFTER });
      const account = {
        ...mailbox().account,
        accountName: odd.name,
        password: odd.password,
        port: server.ports[protocol],
      };
      expect(subjects(await pass(readerFor(account, network)))).toEqual(['odd']);
    });

    itReadsOverTls({ protocol, readerFor });
  });
}

function users(): { name: string; password: string }[] {
  return Array.from({ length: 40 }, (_, index) => ({ name: `user${index}@example.co.jp`, password: taro.password }));
}

/** \Recent is no flag a client can set, and opening the INBOX by POP3 ends it. */
function withoutRecent({ recent: _, ...entry }: MaildirEntry): Omit<MaildirEntry, 'recent'> {
  return entry;
}
