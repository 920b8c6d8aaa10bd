import { describe, it, expect, onTestFinished } from 'vitest';
import { findDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { Pop3MailReader } from '../../../src/gateways/pop3/pop3-mail-reader.js';
import { dotText, fakePop3Server } from './fake-pop3-server.js';
import { account, inboxOf, readerOf, sources } from './pop3-inbox.js';
import { pass, subjects } from './passes.js';
import { awkwardMails, DAY_AFTER, sampleMail } from './sample-mails.js';

const hasty = { connectMs: 1000, silenceMs: 300, batchMs: 2000 };

describe('Pop3MailReader against servers in trouble', () => {
  it('never deletes, and always says QUIT', async () => {
    const server = await fakePop3Server({ inbox: inboxOf(3) });
    await pass(readerOf(server));
    const verbs = new Set(server.received.map((line) => line.split(' ')[0]));
    expect([...verbs].filter((verb) => !/^(CAPA|USER|PASS|LIST|UIDL|TOP|RETR|QUIT)$/.test(verb ?? ''))).toEqual([]);
    expect(server.received.at(-1)).toBe('QUIT');
  });

  it('says QUIT also when it fails, as long as the server listens', async () => {
    const server = await fakePop3Server({
      inbox: inboxOf(1),
      intervene: (line, socket) => line === 'LIST' && socket.write('-ERR no\r\n'),
    });
    await expect(pass(readerOf(server))).rejects.toMatchObject({
      failure: { kind: 'Unavailable', detail: 'command_refused' },
    });
    expect(server.received.at(-1)).toBe('QUIT');
  });

  it('reads a mail wherever the network cuts it', async () => {
    const source = sampleMail('cut', DAY_AFTER, '.\r\n..\r\nbytes \x83\x65\xff\r\n.\r\n\r\n').source;
    const answer = Buffer.concat([Buffer.from('+OK 1 octets\r\n'), dotText(source)]);
    for (let cut = 1; cut < answer.length; cut++) {
      const server = await fakePop3Server({
        inbox: { mails: [{ id: 'a', source }] },
        intervene: (line, socket) => {
          if (!/^(TOP 1 2|RETR)/.test(line)) return false;
          socket.write(answer.subarray(0, cut));
          setTimeout(() => socket.write(answer.subarray(cut)), 2);
          return true;
        },
      });
      const batches = await pass(readerOf(server));
      expect(batches.flatMap((batch) => batch.mails.map((mail) => mail.source.toString('latin1')))).toEqual([
        source.toString('latin1'),
      ]);
    }
  });

  it('reads mails that come byte by byte', async () => {
    const [first, ...others] = awkwardMails(DAY_AFTER).filter(({ source }) => source.length < 1000);
    const mails = [first, ...others].map((mail, index) => ({
      id: `id${index}`,
      source: mail?.source ?? Buffer.alloc(0),
    }));
    const server = await fakePop3Server({
      inbox: { mails },
      capabilities: [],
      intervene: (line, socket) => {
        const [, number] = /^TOP (\d+) 2/.exec(line) ?? [];
        const mail = number && mails[Number(number) - 1];
        if (!mail) return false;
        for (const byte of Buffer.concat([Buffer.from('+OK\r\n'), dotText(mail.source)]))
          socket.write(Buffer.from([byte]));
        return true;
      },
    });
    expect(sources(await pass(readerOf(server)))).toEqual(mails.map(({ source }) => source.toString('latin1')));
  });

  it.each<[string, object]>([
    ['-ERR go away', { kind: 'Unavailable', detail: 'refused_at_greeting' }],
    ['-ERR [IN-USE] busy', { kind: 'RateLimited' }],
    ['-ERR [SYS/TEMP] later', { kind: 'Unavailable', detail: 'server_unavailable' }],
    ['* OK IMAP4rev1', { kind: 'Unavailable', detail: 'protocol_error' }],
    ['x'.repeat(100_000), { kind: 'Unavailable', detail: 'protocol_error' }],
    ['', { kind: 'Unavailable' }],
  ])('survives the greeting %#', async (greeting, failure) => {
    const server = await fakePop3Server({ inbox: inboxOf(1), greeting });
    await expect(pass(readerOf(server, hasty))).rejects.toMatchObject({ name: 'GatewayError', failure });
  });

  it.each<[string, object]>([
    ['-ERR [AUTH] wrong', { kind: 'AuthorizationLost' }],
    ['-ERR wrong password', { kind: 'AuthorizationLost' }],
    ['-ERR [IN-USE] another session', { kind: 'RateLimited' }],
    ['-ERR maildrop already locked', { kind: 'RateLimited' }],
    ['-ERR [LOGIN-DELAY] wait a minute', { kind: 'RateLimited' }],
    ['-ERR [SYS/TEMP] disk', { kind: 'Unavailable' }],
    ['-ERR [SYS/PERM] gone', { kind: 'Unavailable' }],
    ['-ERR plaintext authentication disallowed', { kind: 'Rejected', code: 'login_disabled' }],
  ])('reads %j in answer to the password', async (answer, failure) => {
    const server = await fakePop3Server({
      inbox: inboxOf(1),
      intervene: (line, socket) => line.startsWith('PASS') && socket.write(`${answer}\r\n`),
    });
    await expect(pass(readerOf(server))).rejects.toMatchObject({ failure });
    expect(server.received.some((line) => /^(LIST|RETR|TOP)/.test(line))).toBe(false);
  });

  it.each(['USER', 'PASS', 'LIST', 'UIDL', 'TOP'])('does not wait for ever for an answer to %s', async (verb) => {
    const server = await fakePop3Server({ inbox: inboxOf(1), intervene: (line) => line.startsWith(verb) });
    await expect(pass(readerOf(server, hasty))).rejects.toMatchObject({
      failure: { kind: 'Unavailable', detail: 'timeout' },
    });
  });

  it('does not wait for ever for a mail that comes byte by byte without end', async () => {
    const server = await fakePop3Server({
      inbox: inboxOf(1),
      intervene: (line, socket) => {
        if (!/^(TOP 1 2|RETR)/.test(line)) return false;
        socket.write('+OK\r\n');
        const timer = setInterval(() => socket.write('x'), 10);
        socket.on('close', () => clearInterval(timer));
        return true;
      },
    });
    const batches = await pass(readerOf(server, { ...hasty, batchMs: 150 }));
    expect(batches.flatMap((batch) => batch.unreadable)).toMatchObject([{ reason: 'timeout' }]);
  });

  it('does not read more of a mail than its limit', async () => {
    const server = await fakePop3Server({
      inbox: inboxOf(2),
      intervene: (line, socket) => {
        if (!/^(TOP 1 2|RETR 1)/.test(line)) return false;
        socket.write('+OK\r\n');
        const flood = (): void => {
          while (!socket.destroyed && socket.write('x'.repeat(65_536)));
          if (!socket.destroyed) socket.once('drain', flood);
        };
        flood();
        return true;
      },
    });
    const batches = await pass(readerOf(server, { ...hasty, mailBytes: 500_000 }));
    expect(subjects(batches)).toEqual(['mail 2']);
    expect(batches.flatMap((batch) => batch.unreadable)).toMatchObject([{ locator: 'id1', reason: 'too_large' }]);
  });

  it('goes on by itself when the connection is lost in the middle of a mail', async () => {
    let cut: unknown = null;
    const server = await fakePop3Server({
      inbox: inboxOf(5),
      intervene: (line, socket) => {
        if (cut === null && line.startsWith('TOP 3 2')) {
          cut = socket;
          socket.write('+OK\r\nFrom: half', () => socket.resetAndDestroy());
        }
        return cut === socket;
      },
    });
    expect(subjects(await pass(readerOf(server)))).toEqual(['mail 1', 'mail 2', 'mail 3', 'mail 4', 'mail 5']);
    expect(cut).not.toBeNull();
  });

  it.each<[string, string, (socket: { write: (text: string) => boolean; destroy: () => void }) => boolean]>([
    ['the server refuses', 'command_refused', (socket) => socket.write('-ERR broken\r\n')],
    ['always breaks the connection', 'connection_lost', (socket) => (socket.destroy(), true)],
  ])('gives up, after three tries, only the mail that %s', async (_, reason, misbehave) => {
    let tries = 0;
    const server = await fakePop3Server({
      inbox: inboxOf(3),
      intervene: (line, socket) => {
        if (!/^(TOP 2 2|RETR 2)/.test(line)) return false;
        if (line.startsWith('RETR')) tries++;
        return misbehave(socket);
      },
    });
    const batches = await pass(readerOf(server));
    expect(subjects(batches)).toEqual(['mail 1', 'mail 3']);
    expect(batches.flatMap((batch) => batch.unreadable)).toEqual([{ locator: 'id2', receivedAt: DAY_AFTER, reason }]);
    expect(tries).toBeGreaterThanOrEqual(3);
  });

  it('skips a mail that is gone when it is asked for', async () => {
    const inbox = inboxOf(3);
    const server = await fakePop3Server({
      inbox,
      intervene: (line, socket) => {
        if (line === 'QUIT') inbox.mails = inbox.mails.filter(({ id }) => id !== 'id2');
        if (!/^(TOP 2 2|RETR 2)/.test(line) || inbox.mails.length < 3) return false;
        return socket.write('-ERR message is gone\r\n');
      },
    });
    const batches = await pass(readerOf(server));
    expect(subjects(batches)).toEqual(['mail 1', 'mail 3']);
    expect(batches.flatMap((batch) => batch.unreadable)).toEqual([]);
  });

  it('refuses a cursor of the other protocol', async () => {
    const server = await fakePop3Server({ inbox: inboxOf(1) });
    await expect(pass(readerOf(server), { protocol: 'imap', uidValidity: '1', lastUid: 1 })).rejects.toMatchObject({
      failure: { kind: 'CursorInvalid', reason: 'other_protocol' },
    });
  });
});

describe.skipIf(!findDovecot())(
  `marking as read on Dovecot${findDovecot() ? '' : ' (skipped: Dovecot is not installed)'}`,
  () => {
    it('is avoided although fetching by RETR would do it', async () => {
      const saburo = { name: 'saburo@example.co.jp', password: 'x' };
      const dovecot = await startLocalDovecot({ users: [saburo], pop3MarksSeen: true });
      onTestFinished(() => dovecot.stop());
      for (let index = 0; index < 3; index++)
        dovecot.deliver(saburo.name, sampleMail(`mail ${index}`, DAY_AFTER).source);
      const login = {
        accountName: saburo.name,
        password: saburo.password,
        host: dovecot.host,
        port: dovecot.ports.pop3,
      };
      const reader = new Pop3MailReader({ ...account, ...login }, { allowedPrivate: [dovecot.host] });
      expect(subjects(await pass(reader))).toHaveLength(3);
      expect(dovecot.snapshot(saburo.name).map(({ flags }) => flags)).toEqual([[], [], []]);
    });
  },
);
