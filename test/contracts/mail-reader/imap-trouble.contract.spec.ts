import { describe, it, expect } from 'vitest';
import { ImapMailReader } from '../../../src/gateways/imap/imap-mail-reader.js';
import type { MailAccount } from '../../../src/gateways/mail-account.js';
import { defaultReaderLimits, type ReaderLimits } from '../../../src/gateways/reader-limits.js';
import { type FakeImapMail, fakeImapServer, fetchAnswer, type Intervention, wantedBy } from './fake-imap-server.js';
import { lastCursor, pass, subjects } from './passes.js';
import { DAY_AFTER, LONG_AGO, sampleMail } from './sample-mails.js';
import type { ScriptedServer } from './scripted-server.js';

const hasty = { connectMs: 1000, silenceMs: 400, batchMs: 2000 };
const fetchesBodies = (command: string): boolean => command.includes('BODY.PEEK[]');

describe('ImapMailReader against servers in trouble', () => {
  it('examines and peeks, and sends nothing that could change anything', async () => {
    const server = await fakeImapServer({ inbox: inboxOf(3) });
    await pass(readerOf(server));
    const verbs = server.received.map((line) => line.replace(/^\S+ /, ''));
    expect(
      verbs.filter((verb) => /SELECT|STORE|EXPUNGE|COPY|MOVE|APPEND|CLOSE|BODY\[|RFC822(?!\.SIZE)/.test(verb)),
    ).toEqual([]);
    expect(verbs).toContain('EXAMINE INBOX');
    expect(verbs.at(-1)).toBe('LOGOUT');
  });

  it('goes on by itself when the connection is lost in the middle of a mail', async () => {
    const inbox = inboxOf(6);
    let cuts = 0;
    const server = await fakeImapServer({
      inbox,
      intervene: (command, _, socket) => {
        if (!fetchesBodies(command) || cuts > 0) return false;
        cuts++;
        const [first, second] = inbox.mails;
        if (first) socket.write(fetchAnswer(first, command));
        if (second) socket.write(fetchAnswer(second, command).subarray(0, 60), () => socket.destroy());
        return true;
      },
    });
    const batches = await pass(readerOf(server));
    expect(cuts).toBe(1);
    expect(sources(batches)).toEqual(inbox.mails.map(({ source }) => source.toString('latin1')));
    expect(batches.flatMap((batch) => batch.unreadable)).toEqual([]);
  });

  it('connects anew when the server leaves between two batches', async () => {
    let fetches = 0;
    const server = await fakeImapServer({
      inbox: inboxOf(4),
      intervene: (command, _, socket) => {
        // behind the answer, not instead of it: reset while nobody waits for anything
        if (fetchesBodies(command) && ++fetches === 1) setTimeout(() => socket.resetAndDestroy(), 30);
        return false;
      },
    });
    const seen: string[] = [];
    for await (const batch of readerOf(server, { batchMails: 2 }).changesSince(firstPass())) {
      seen.push(...subjects([batch]));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(seen).toEqual(['mail 1', 'mail 2', 'mail 3', 'mail 4']);
  });

  it.each<[string, string, Intervention]>([
    ['always breaks the connection', 'connection_lost', (_, __, socket) => (socket.destroy(), true)],
    ['is refused by the server', 'command_refused', (_, tag, socket) => socket.write(`${tag} NO broken\r\n`)],
    [
      'is a bug of the server',
      'server_error',
      (_, tag, socket) => socket.write(`${tag} NO [SERVERBUG] Internal error\r\n`),
    ],
    [
      'comes without its source',
      'no_content',
      (_, tag, socket) => socket.write(`* 2 FETCH (UID 2 BODY[] NIL)\r\n${tag} OK\r\n`),
    ],
    [
      'is announced larger than anything',
      'too_large',
      (_, __, socket) => socket.write('* 2 FETCH (UID 2 BODY[] {999999999999}\r\n'),
    ],
    ['never comes', 'timeout', () => true],
  ])('gives up, after three tries, only the mail that %s', async (_, reason, misbehave) => {
    let tries = 0;
    const server = await fakeImapServer({
      inbox: inboxOf(3),
      intervene: (command, tag, socket, connection) => {
        if (!fetchesBodies(command) || !wantedBy(command, inboxOf(3).mails).some(({ uid }) => uid === 2)) return false;
        if (!command.includes(':')) tries++;
        return misbehave(command, tag, socket, connection);
      },
    });
    const batches = await pass(readerOf(server, hasty));
    expect(subjects(batches)).toEqual(['mail 1', 'mail 3']);
    expect(batches.flatMap((batch) => batch.unreadable)).toEqual([{ locator: '7/2', receivedAt: DAY_AFTER, reason }]);
    expect(tries).toBe(3);
    expect(lastCursor(batches)).toEqual({ protocol: 'imap', uidValidity: '7', lastUid: 3 });
  });

  it('blames the server and not the mails when none can be read', async () => {
    const server = await fakeImapServer({
      inbox: inboxOf(6),
      intervene: (command, tag, socket) => fetchesBodies(command) && socket.write(`${tag} NO [SERVERBUG] no disk\r\n`),
    });
    await expect(pass(readerOf(server))).rejects.toMatchObject({
      failure: { kind: 'Unavailable', detail: 'server_error' },
    });
  });

  it.each<[string, string, object]>([
    ['NO [LIMIT] Account exceeded bandwidth', 'EXAMINE', { kind: 'RateLimited' }],
    ['NO [THROTTLED] slow down', 'UID FETCH', { kind: 'RateLimited' }],
    [
      'BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds',
      'UID FETCH',
      { kind: 'RateLimited', retryAfterMs: 92_415 },
    ],
    [
      'NO [UNAVAILABLE] Temporary authentication failure',
      'LOGIN',
      { kind: 'Unavailable', detail: 'server_unavailable' },
    ],
    ['NO [INUSE] other client', 'LOGIN', { kind: 'RateLimited' }],
    ['NO Too many simultaneous connections', 'LOGIN', { kind: 'RateLimited' }],
    ['NO [AUTHENTICATIONFAILED] no', 'LOGIN', { kind: 'AuthorizationLost' }],
    ['BAD no', 'LOGIN', { kind: 'Rejected', code: 'login_not_understood' }],
    ['NO [PRIVACYREQUIRED] TLS first', 'LOGIN', { kind: 'Rejected', code: 'login_disabled' }],
    ['NO [NONEXISTENT] no INBOX', 'EXAMINE', { kind: 'MailboxNotSupported' }],
    ['NO not now', 'EXAMINE', { kind: 'Unavailable', detail: 'command_refused' }],
    ['NO not now', 'UID FETCH', { kind: 'Unavailable', detail: 'command_refused' }],
    ['WHAT is this', 'EXAMINE', { kind: 'Unavailable', detail: 'protocol_error' }],
  ])('reads %j in answer to %s', async (answer, verb, failure) => {
    const server = await fakeImapServer({
      inbox: inboxOf(1),
      intervene: (command, tag, socket) => command.startsWith(verb) && socket.write(`${tag} ${answer}\r\n`),
    });
    await expect(pass(readerOf(server))).rejects.toMatchObject({ name: 'GatewayError', failure });
  });

  it.each<[string, string, object]>([
    ['* BYE Too many connections from your address', 'RateLimited', {}],
    ['* BYE shutting down', 'Unavailable', {}],
    ['-ERR wrong number', 'Unavailable', {}],
    ['', 'Unavailable', {}],
  ])('survives the greeting %j', async (greeting, kind, more) => {
    const server = await fakeImapServer({ inbox: inboxOf(1), greeting });
    await expect(pass(readerOf(server, hasty))).rejects.toMatchObject({ failure: { kind, ...more } });
  });

  it('does not send the password where login is disabled', async () => {
    const server = await fakeImapServer({
      inbox: inboxOf(1),
      intervene: (command, tag, socket) =>
        command === 'CAPABILITY' && socket.write(`* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n${tag} OK\r\n`),
    });
    await expect(pass(readerOf(server))).rejects.toMatchObject({
      failure: { kind: 'Rejected', code: 'login_disabled' },
    });
    expect(server.received.join()).not.toContain(account.password);
  });

  it.each(['CAPABILITY', 'LOGIN', 'LIST', 'EXAMINE', 'UID FETCH'])(
    'does not wait for ever for an answer to %s',
    async (verb) => {
      const server = await fakeImapServer({ inbox: inboxOf(1), intervene: (command) => command.startsWith(verb) });
      await expect(pass(readerOf(server, hasty))).rejects.toMatchObject({ failure: { kind: 'Unavailable' } });
    },
  );

  it('does not wait for ever for a mail that comes byte by byte', async () => {
    const server = await fakeImapServer({
      inbox: inboxOf(1),
      intervene: (command, _, socket) => {
        if (!fetchesBodies(command)) return false;
        socket.write('* 1 FETCH (UID 1 BODY[] {100000}\r\n');
        const timer = setInterval(() => socket.write('x'), 10);
        socket.on('close', () => clearInterval(timer));
        return true;
      },
    });
    const batches = await pass(readerOf(server, { ...hasty, batchMs: 150 }));
    expect(batches.flatMap((batch) => batch.unreadable)).toMatchObject([{ reason: 'timeout' }]);
  });

  it('does not keep more than a batch in memory when sizes are lies', async () => {
    const large = sampleMail('large', DAY_AFTER, 'x'.repeat(300_000)).source;
    const mails = [1, 2, 3].map((uid) => ({ uid, source: large, size: 10 }));
    const server = await fakeImapServer({ inbox: { uidValidity: 7, mails } });
    const batches = await pass(readerOf(server, { batchBytes: 200_000 }));
    expect(batches.flatMap((batch) => batch.mails)).toHaveLength(3);
    // together they were too much, so each was fetched alone
    expect(
      server.received.filter((line) => /UID FETCH [123] .*BODY\.PEEK\[\]/.test(line)).length,
    ).toBeGreaterThanOrEqual(2);
  });

  it('takes answers in any order, and passes over those to questions that nobody asked', async () => {
    const { mails } = inboxOf(3);
    const server = await fakeImapServer({
      inbox: { uidValidity: 7, mails },
      intervene: (command, tag, socket) => {
        if (!command.startsWith('UID FETCH')) return false;
        socket.write('* 1 FETCH (UID 99 FLAGS (\\Seen))\r\n* 4 EXISTS\r\n');
        for (const mail of wantedBy(command, mails).reverse()) socket.write(fetchAnswer(mail, command));
        socket.write(`* 9 EXPUNGE\r\n${tag} OK\r\n`);
        return true;
      },
    });
    const batches = await pass(readerOf(server));
    expect(subjects(batches)).toEqual(['mail 1', 'mail 2', 'mail 3']);
  });

  it.each([['01-Jan-1970 00:00:00 +0000'], ['17-Jul-2199 02:44:25 +0000'], ['nonsense']])(
    'decides by the headers where INTERNALDATE cannot be true: %s',
    async (internalDate) => {
      const mails = [
        { uid: 1, source: sampleMail('old', LONG_AGO).source, internalDate },
        { uid: 2, source: sampleMail('new', DAY_AFTER).source, internalDate },
        { uid: 3, source: Buffer.from('Subject: undated\r\n\r\nnobody knows\r\n'), internalDate },
      ];
      const server = await fakeImapServer({ inbox: { uidValidity: 7, mails } });
      const batches = await pass(readerOf(server));
      expect(subjects(batches)).toEqual(['new', 'undated']);
      expect(batches[0]?.mails[0]?.receivedAt).toEqual(DAY_AFTER);
      expect(batches[0]).toMatchObject({ found: 2, oldestOnServer: LONG_AGO });
    },
  );

  it('says so when UIDVALIDITY has changed since the last pass', async () => {
    const inbox = { ...inboxOf(2), uidValidity: 7 };
    const server = await fakeImapServer({ inbox });
    const cursor = lastCursor(await pass(readerOf(server)));
    inbox.uidValidity = 8;
    await expect(pass(readerOf(server), cursor)).rejects.toMatchObject({
      failure: { kind: 'CursorInvalid', reason: 'uid_validity_changed' },
    });
  });

  it('says so when UIDVALIDITY changes in the middle of a pass', async () => {
    const inbox = inboxOf(4);
    const server = await fakeImapServer({
      inbox,
      intervene: (command, _, socket) => {
        if (!/UID FETCH 3.*BODY\.PEEK/.test(command)) return false;
        inbox.uidValidity = 8;
        socket.destroy();
        return true;
      },
    });
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const batch of readerOf(server, { batchMails: 2 }).changesSince(firstPass()))
        seen.push(...subjects([batch]));
    };
    await expect(read()).rejects.toMatchObject({ failure: { kind: 'CursorInvalid', reason: 'uid_validity_changed' } });
    expect(seen).toEqual(['mail 1', 'mail 2']);
  });

  it('says so when UIDs are given out again under the same UIDVALIDITY', async () => {
    const inbox = { ...inboxOf(9), uidNext: 10 };
    const server = await fakeImapServer({ inbox });
    const cursor = lastCursor(await pass(readerOf(server)));
    Object.assign(inbox, { ...inboxOf(2), uidNext: 3 });
    await expect(pass(readerOf(server), cursor)).rejects.toMatchObject({
      failure: { kind: 'CursorInvalid', reason: 'uid_next_went_back' },
    });
  });

  it('refuses a cursor of the other protocol', async () => {
    const server = await fakeImapServer({ inbox: inboxOf(1) });
    await expect(pass(readerOf(server), { protocol: 'pop3', uidls: [] })).rejects.toMatchObject({
      failure: { kind: 'CursorInvalid', reason: 'other_protocol' },
    });
    expect(server.connections()).toBe(0);
  });
});

const account: MailAccount = {
  protocol: 'imap',
  security: 'none',
  host: '127.0.0.1',
  port: 0,
  accountName: 'taro',
  password: 'never to be seen',
};

function inboxOf(count: number): { uidValidity: number; mails: readonly FakeImapMail[] } {
  const uids = Array.from({ length: count }, (_, index) => index + 1);
  return { uidValidity: 7, mails: uids.map((uid) => ({ uid, source: sampleMail(`mail ${uid}`, DAY_AFTER).source })) };
}

function readerOf(server: ScriptedServer, limits: Partial<ReaderLimits> = {}): ImapMailReader {
  const network = { allowedPrivate: [server.host] };
  return new ImapMailReader({ ...account, port: server.port }, network, { ...defaultReaderLimits, ...limits });
}

function firstPass() {
  return { cursor: null, since: new Date('2024-03-01T00:00:00+09:00'), signal: new AbortController().signal };
}

function sources(batches: Awaited<ReturnType<typeof pass>>): string[] {
  return batches.flatMap((batch) => batch.mails.map(({ source }) => source.toString('latin1')));
}
