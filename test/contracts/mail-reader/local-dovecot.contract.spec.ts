import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { describe, it, expect, onTestFinished } from 'vitest';
import { ImapFlow } from 'imapflow';
import { type LocalDovecotOptions, type LocalDovecot, findDovecot, startLocalDovecot } from '@libs/local-dovecot';

const taro = { name: 'taro@example.co.jp', password: 'p"a\\s: s' };
const greetingMail = Buffer.from('From: a@example.com\r\nSubject: hello\r\n\r\nHello\r\n');

describe.skipIf(!findDovecot())(`local Dovecot${findDovecot() ? '' : ' (skipped: Dovecot is not installed)'}`, () => {
  it('serves what was delivered, with the dates and flags it was delivered with', async () => {
    const dovecot = await started({ users: [taro] });
    const internalDate = new Date('2024-03-01T14:59:59Z');
    dovecot.deliver(taro.name, greetingMail, { internalDate, flags: ['flagged'] });
    dovecot.deliver(taro.name, greetingMail, { folder: 'Work/Old' });

    const client = await loggedIn(dovecot);
    await client.mailboxOpen('INBOX', { readOnly: true });
    const mails = await client.fetchAll('1:*', {
      uid: true,
      internalDate: true,
      flags: true,
      source: true,
      size: true,
    });

    expect(mails).toMatchObject([{ uid: 1, internalDate, size: greetingMail.length, source: greetingMail }]);
    expect(mails[0]?.flags).toContain('\\Flagged');
    expect(await client.status('Work.Old', { messages: true })).toMatchObject({ messages: 1 });
  });

  it('shows changes in the snapshot', async () => {
    const dovecot = await started({ users: [taro] });
    dovecot.deliver(taro.name, greetingMail);
    const before = dovecot.snapshot(taro.name);
    expect(before).toMatchObject([{ folder: 'INBOX', flags: [], recent: true, size: greetingMail.length }]);

    const client = await loggedIn(dovecot);
    await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd('1', ['\\Seen']);

    expect(dovecot.snapshot(taro.name)).toMatchObject([{ id: before[0]?.id, flags: ['seen'], recent: false }]);
  });

  it('changes UIDVALIDITY when asked', async () => {
    const dovecot = await started({ users: [taro] });
    dovecot.deliver(taro.name, greetingMail);
    const before = await uidValidity(dovecot);
    dovecot.resetUidValidity(taro.name);
    expect(await uidValidity(dovecot)).not.toBe(before);
  });

  it('comes back after a kill with the same ports and mail', async () => {
    const dovecot = await started({ users: [taro] });
    dovecot.deliver(taro.name, greetingMail);
    const ports = dovecot.ports;
    await dovecot.kill();
    await expect(firstLine(connect(ports.imap, dovecot.host))).rejects.toThrow('ECONNREFUSED');
    await dovecot.restart();
    expect(dovecot.ports).toEqual(ports);
    expect(dovecot.snapshot(taro.name)).toHaveLength(1);
    expect(await firstLine(connect(ports.imap, dovecot.host))).toContain('Dovecot ready.');
  });

  it('leaves nothing behind when stopped', async () => {
    const dovecot = await startLocalDovecot({ users: [taro] });
    const maildir = dovecot.maildir(taro.name);
    expect(existsSync(maildir)).toBe(true);
    await dovecot.stop();
    expect(existsSync(maildir)).toBe(false);
    await expect(firstLine(connect(dovecot.ports.imap, dovecot.host))).rejects.toThrow('ECONNREFUSED');
  });

  it('shows a certificate that its own authority vouches for', async () => {
    const dovecot = await started({ users: [taro] });
    const socket = connectTls({ host: dovecot.host, port: dovecot.ports.imaps, ca: dovecot.ca });
    expect(await firstLine(socket)).toContain('Dovecot ready.');
  });

  it.each([
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('shows a certificate that is %s', async (certificate, code) => {
    const dovecot = await started({ users: [taro], certificate });
    const socket = connectTls({ host: dovecot.host, port: dovecot.ports.imaps, ca: dovecot.ca });
    await expect(firstLine(socket)).rejects.toMatchObject({ code });
  });

  it.skipIf(process.platform !== 'linux')('refuses a login without TLS where TLS is required', async () => {
    const strict = await started({ users: [taro], tls: 'required' });
    expect(await firstLine(connect(strict.ports.imap, strict.host))).toMatch(/STARTTLS.*LOGINDISABLED/);
  });

  it('has no TLS where it is off', async () => {
    const plain = await started({ users: [taro], tls: 'off' });
    expect(await firstLine(connect(plain.ports.imap, plain.host))).not.toContain('STARTTLS');
    expect(plain.ports).toMatchObject({ imaps: 0, pop3s: 0 });
  });
});

async function started(options: LocalDovecotOptions): Promise<LocalDovecot> {
  const dovecot = await startLocalDovecot(options);
  onTestFinished(() => dovecot.stop());
  return dovecot;
}

async function loggedIn(dovecot: LocalDovecot): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: dovecot.host,
    port: dovecot.ports.imap,
    secure: false,
    doSTARTTLS: false,
    auth: { user: taro.name, pass: taro.password },
    logger: false,
  });
  await client.connect();
  onTestFinished(() => client.close());
  return client;
}

async function uidValidity(dovecot: LocalDovecot): Promise<bigint> {
  const client = await loggedIn(dovecot);
  return (await client.mailboxOpen('INBOX', { readOnly: true })).uidValidity;
}

async function firstLine(socket: Socket): Promise<string> {
  onTestFinished(() => void socket.destroy());
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString('latin1');
}
