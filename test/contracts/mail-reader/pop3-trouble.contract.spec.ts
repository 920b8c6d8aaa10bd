import { describe, it, expect, onTestFinished } from 'vitest';
import { findDovecot, startLocalDovecot } from '@libs/local-dovecot';
import type { MailAccount } from '../../../src/gateways/mail-account.js';
import { Pop3MailReader } from '../../../src/gateways/pop3/pop3-mail-reader.js';
import { defaultReaderLimits, type ReaderLimits } from '../../../src/gateways/reader-limits.js';
import { dotText, type FakePop3Mail, fakePop3Server } from './fake-pop3-server.js';
import { lastCursor, pass, subjects } from './mail-reader.suite.js';
import { awkwardMails, DAY_AFTER, LONG_AGO, sampleMail } from './sample-mails.js';
import type { ScriptedServer } from './scripted-server.js';

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

  it('does not send ahead where the server does not say that it may', async () => {
    let open = 0;
    let most = 0;
    const answered = { capabilities: ['TOP', 'UIDL'] };
    const server = await fakePop3Server({
      inbox: inboxOf(5),
      ...answered,
      intervene: (line, socket) => {
        if (!line.startsWith('TOP')) return false;
        most = Math.max(most, ++open);
        const [, number, lines] = line.split(' ');
        const { source } = sampleMail(`mail ${number}`, DAY_AFTER);
        const text = lines === '0' ? source.subarray(0, source.indexOf('\r\n\r\n') + 4) : source;
        setTimeout(() => {
          open--;
          socket.write(Buffer.concat([Buffer.from('+OK\r\n'), dotText(text)]));
        }, 2);
        return true;
      },
    });
    expect(subjects(await pass(readerOf(server)))).toHaveLength(5);
    expect(most).toBe(1);
  });

  it('recognises mails by their headers on a server without UIDL', async () => {
    const inbox = inboxOf(2);
    const server = await fakePop3Server({ inbox, without: ['UIDL'] });
    const first = await pass(readerOf(server));
    expect(subjects(first)).toEqual(['mail 1', 'mail 2']);
    inbox.mails = [...inboxOf(3).mails].reverse();
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual(['mail 3']);
  });

  it('yields everything again on a server without UIDL and TOP, rather than lose a mail', async () => {
    const server = await fakePop3Server({ inbox: inboxOf(2), without: ['UIDL', 'TOP', 'CAPA'] });
    const first = await pass(readerOf(server));
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual(['mail 1', 'mail 2']);
  });

  it('finds out about old mail on a server without TOP, at the cost of fetching it', async () => {
    const mails = [
      { id: 'a', source: sampleMail('old', LONG_AGO).source },
      { id: 'b', source: sampleMail('new', DAY_AFTER).source },
    ];
    const server = await fakePop3Server({ inbox: { mails }, without: ['TOP'] });
    const first = await pass(readerOf(server));
    expect(subjects(first)).toEqual(['new']);
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual([]);
    expect(server.received.filter((line) => line.startsWith('RETR'))).toHaveLength(2);
  });

  it('costs old mail its header only', async () => {
    const mails = [1, 2, 3].map((n) => ({
      id: `${n}`,
      source: sampleMail(`mail ${n}`, n === 2 ? DAY_AFTER : LONG_AGO).source,
    }));
    const server = await fakePop3Server({ inbox: { mails } });
    await pass(readerOf(server));
    const whole = server.received.filter((line) => /^(RETR|TOP \d+ [1-9])/.test(line));
    expect(whole).toEqual([expect.stringMatching(/^TOP 2 /)]);
  });

  it.each<[string, (mail: FakePop3Mail) => FakePop3Mail]>([
    ['more', (mail) => ({ ...mail, size: mail.source.length + 300 })],
    ['less', (mail) => ({ ...mail, size: mail.source.length - 30 })],
    ['nothing', (mail) => ({ ...mail, size: 0 })],
  ])('falls back to RETR on a server that lists %s than there is', async (_, lie) => {
    const mails = inboxOf(3).mails.map(lie);
    const server = await fakePop3Server({ inbox: { mails } });
    expect(sources(await pass(readerOf(server)))).toEqual(mails.map(({ source }) => source.toString('latin1')));
    expect(server.received.filter((line) => line.startsWith('RETR'))).toHaveLength(3);
  });

  it('falls back to RETR on a server that cuts TOP short', async () => {
    const mails = [1, 2].map((n) => ({
      id: `${n}`,
      source: sampleMail(`mail ${n}`, DAY_AFTER, 'line\r\n'.repeat(200)).source,
    }));
    const server = await fakePop3Server({
      inbox: { mails },
      intervene: (line, socket) => {
        const [, number] = /^TOP (\d) 2\d+/.exec(line) ?? [];
        const mail = number && mails[Number(number) - 1];
        if (!mail) return false;
        const short = mail.source.subarray(0, mail.source.length - 6 * 150);
        return socket.write(Buffer.concat([Buffer.from('+OK\r\n'), dotText(short)]));
      },
    });
    expect(sources(await pass(readerOf(server)))).toEqual(mails.map(({ source }) => source.toString('latin1')));
  });

  it('yields mails that share a UIDL, each once', async () => {
    const inbox = { mails: inboxOf(3).mails.map((mail) => ({ ...mail, id: 'same' })) };
    const server = await fakePop3Server({ inbox });
    const first = await pass(readerOf(server));
    expect(subjects(first)).toEqual(['mail 1', 'mail 2', 'mail 3']);
    inbox.mails = inboxOf(4).mails.map((mail) => ({ ...mail, id: 'same' }));
    expect(subjects(await pass(readerOf(server), lastCursor(first)))).toEqual(['mail 4']);
  });

  it('yields everything again when the server has given new UIDLs to all', async () => {
    const inbox = inboxOf(3);
    const server = await fakePop3Server({ inbox });
    const first = await pass(readerOf(server));
    inbox.mails = inbox.mails.map((mail) => ({ ...mail, id: `new-${mail.id}` }));
    const second = await pass(readerOf(server), lastCursor(first));
    expect(subjects(second)).toEqual(['mail 1', 'mail 2', 'mail 3']);
    expect(JSON.stringify(lastCursor(second)).length).toBe(JSON.stringify(lastCursor(first)).length);
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

const account: MailAccount = {
  protocol: 'pop3',
  security: 'none',
  host: '127.0.0.1',
  port: 0,
  accountName: 'taro',
  password: 'never to be seen',
};

function inboxOf(count: number): { mails: readonly FakePop3Mail[] } {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return { mails: numbers.map((n) => ({ id: `id${n}`, source: sampleMail(`mail ${n}`, DAY_AFTER).source })) };
}

function readerOf(server: ScriptedServer, limits: Partial<ReaderLimits> = {}): Pop3MailReader {
  const network = { allowedPrivate: [server.host] };
  return new Pop3MailReader({ ...account, port: server.port }, network, { ...defaultReaderLimits, ...limits });
}

function sources(batches: Awaited<ReturnType<typeof pass>>): string[] {
  return batches.flatMap((batch) => batch.mails.map(({ source }) => source.toString('latin1')));
}
