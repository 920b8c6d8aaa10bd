import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it, expect, onTestFinished } from 'vitest';
import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { ImapMailReader } from '../../../src/gateways/imap/imap-mail-reader.js';
import { type KeptConnectionsOptions, KeptImapConnections } from '../../../src/gateways/imap/kept-imap-connections.js';
import type { MailAccount } from '../../../src/gateways/mail-account.js';
import type { Cursor } from '../../../src/gateways/mail-reader.port.js';
import { defaultReaderLimits } from '../../../src/gateways/reader-limits.js';
import { type FakeImapMail, fakeImapServer, type Intervention } from './fake-imap-server.js';
import { describeMailReader } from './mail-reader.suite.js';
import { lastCursor, pass, subjects } from './passes.js';
import { DAY_AFTER, sampleMail } from './sample-mails.js';
import type { ScriptedServer } from './scripted-server.js';

const shared = new KeptImapConnections();
afterAll(() => shared.close());

// everything that holds for new connections holds for kept ones
describeMailReader({
  protocol: 'imap',
  readerFor: (account, network, limits) => {
    return new ImapMailReader(account, network, { ...defaultReaderLimits, ...limits }, shared);
  },
});

describe('kept IMAP connections', () => {
  it('log in once for many passes, and see what has come in between', async () => {
    const { server, inbox, read } = await mailbox();
    const first = await read(null);
    expect(subjects(first)).toEqual(['mail 1']);
    inbox.mails = mails(2);
    const second = await read(lastCursor(first));
    expect(subjects(second)).toEqual(['mail 2']);
    expect(await read(lastCursor(second))).toMatchObject([{ mails: [], found: 0 }]);
    expect(logins(server)).toBe(1);
    expect(server.received.filter((line) => line.endsWith('EXAMINE INBOX'))).toHaveLength(3);
  });

  it('notice a changed UIDVALIDITY', async () => {
    const { inbox, read } = await mailbox();
    const first = await read(null);
    inbox.uidValidity++;
    await expect(read(lastCursor(first))).rejects.toMatchObject({ failure: { kind: 'CursorInvalid' } });
  });

  it.each<[string, Intervention]>([
    ['was closed by the server', (_, __, socket) => (socket.destroy(), true)],
    ['said goodbye', (_, __, socket) => (socket.end('* BYE idle for too long\r\n'), true)],
  ])('are replaced when the kept one %s', async (_, end) => {
    let passes = 0;
    const { server, read } = await mailbox((command, tag, socket, connection) => {
      return command === 'EXAMINE INBOX' && connection === 1 && ++passes === 2 && end(command, tag, socket, connection);
    });
    const first = await read(null);
    expect(subjects(await read(lastCursor(first)))).toEqual([]);
    expect(logins(server)).toBe(2);
  });

  it('are replaced when the server closes them while they wait', async () => {
    const { server, read, leave } = await mailbox();
    const first = await read(null);
    leave();
    await delay(30);
    expect(subjects(await read(lastCursor(first)))).toEqual([]);
    expect(logins(server)).toBe(2);
  });

  it('log in again now and then, so that a changed password is noticed', async () => {
    let isChanged = false;
    const { server, read } = await mailbox((command, tag, socket) => {
      return isChanged && command.startsWith('LOGIN') && socket.write(`${tag} NO [AUTHENTICATIONFAILED] no\r\n`);
    });
    const cursor = lastCursor(await read(null));
    isChanged = true;
    const later = async (): Promise<void> => {
      for (let count = 0; count < 5; count++) await read(cursor);
    };
    await expect(later()).rejects.toMatchObject({ failure: { kind: 'AuthorizationLost' } });
    expect(logins(server)).toBe(2);
  });

  it('are not shared between passwords', async () => {
    const { server, readAs } = await mailbox();
    await readAs({ password: 'old' });
    await readAs({ password: 'new' });
    expect(logins(server)).toBe(2);
  });

  it('are not shared between passes at the same time', async () => {
    const { server, read } = await mailbox();
    await Promise.all([read(null), read(null), read(null)]);
    expect(logins(server)).toBe(3);
    await read(null);
    expect(logins(server)).toBe(3);
  });

  it.each<[string, Partial<KeptConnectionsOptions>]>([
    ['have waited too long', { idleMs: 10 }],
    ['have served their passes', { passes: 1 }],
    ['are too many', { most: 0 }],
  ])('are given up when they %s', async (_, options) => {
    const { server, read } = await mailbox(undefined, options);
    await read(null);
    await delay(40);
    await read(null);
    expect(logins(server)).toBe(2);
  });

  it('are given up when a pass fails or is left', async () => {
    const { server, reader } = await mailbox();
    for await (const batch of reader.changesSince(request(null))) if (batch.found > 0) break;
    await pass(reader);
    expect(logins(server)).toBe(2);
  });
});

const installed = findDovecot() !== null;
const title = `kept IMAP connections to Dovecot${installed ? '' : ' (skipped: Dovecot is not installed)'}`;
describe.skipIf(!installed)(title, () => {
  let dovecot: LocalDovecot;
  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'goro', password: 'x' }] });
  });
  afterAll(() => dovecot.stop());

  it('survive a restart of the server between two passes', async () => {
    const connections = new KeptImapConnections();
    onTestFinished(() => connections.close());
    const login = { accountName: 'goro', password: 'x', host: dovecot.host, port: dovecot.ports.imap };
    const network = { allowedPrivate: [dovecot.host] };
    const reader = new ImapMailReader({ ...account, ...login }, network, defaultReaderLimits, connections);
    const cursor = lastCursor(await pass(reader));
    await dovecot.kill();
    await dovecot.restart();
    dovecot.deliver('goro', sampleMail('after the restart', DAY_AFTER).source, { internalDate: DAY_AFTER });
    expect(subjects(await pass(reader, cursor))).toEqual(['after the restart']);
  });
});

const account: MailAccount = {
  protocol: 'imap',
  security: 'none',
  host: '127.0.0.1',
  port: 0,
  accountName: 'goro',
  password: 'x',
};

async function mailbox(intervene?: Intervention, options?: Partial<KeptConnectionsOptions>) {
  const inbox: { uidValidity: number; mails: readonly FakeImapMail[] } = { uidValidity: 7, mails: mails(1) };
  let latest: { destroy: () => void } | null = null;
  const server = await fakeImapServer({
    inbox,
    intervene: (command, tag, socket, connection) => {
      latest = socket;
      return intervene?.(command, tag, socket, connection) ?? false;
    },
  });
  const connections = new KeptImapConnections(options);
  onTestFinished(() => connections.close());
  const readerAs = (change: Partial<MailAccount>): ImapMailReader => {
    const network = { allowedPrivate: [server.host] };
    return new ImapMailReader({ ...account, port: server.port, ...change }, network, defaultReaderLimits, connections);
  };
  return {
    inbox,
    server,
    reader: readerAs({}),
    read: (cursor: Cursor | null) => pass(readerAs({}), cursor),
    readAs: (change: Partial<MailAccount>) => pass(readerAs(change)),
    leave: () => latest?.destroy(),
  };
}

function mails(count: number): FakeImapMail[] {
  const uids = Array.from({ length: count }, (_, index) => index + 1);
  return uids.map((uid) => ({ uid, source: sampleMail(`mail ${uid}`, DAY_AFTER).source }));
}

function request(cursor: Cursor | null) {
  return { cursor, since: new Date('2024-03-01T00:00:00+09:00'), signal: new AbortController().signal };
}

function logins(server: ScriptedServer): number {
  return server.received.filter((line) => / LOGIN /.test(line)).length;
}
