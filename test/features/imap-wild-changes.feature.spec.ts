import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { type GeneratedMail, generatedMail } from '../support/generated-mails.js';
import {
  connectAccount,
  importCompleted,
  mailsAreHere,
  receivedDigests,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const DAY = '2026-11-01';
const start = new Date('2026-11-02T00:00:00Z').getTime();
const PASSWORD = 'kept-from-others';

const mail = (n: number): GeneratedMail => generatedMail(n, new Date(start + n * 1_000));
const digests = (mails: readonly GeneratedMail[]): string[] => mails.map(({ digest }) => digest).sort();

/** Takes connections, notes what it is told and never says a word: a server that hangs, or a trap. */
class SilentServer {
  readonly heard: Buffer[] = [];
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    this.connections += 1;
    this.sockets.add(socket);
    socket
      .on('data', (bytes) => this.heard.push(bytes))
      .on('error', () => undefined)
      .on('close', () => this.sockets.delete(socket));
  });

  /** Connections that somebody still waits on. */
  get waiting(): number {
    return this.sockets.size;
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe.skipIf(findDovecot() === null)('mail servers that change (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let tokyo: LocalDovecot;
  let osaka: LocalDovecot;
  let admin: ApiClient;
  const tokyoMail = mkdtempSync(join(tmpdir(), 'hrbc-mail-tokyo-'));
  const received: GeneratedMail[] = [];

  const deliver = (to: LocalDovecot, user: string, ...mails: GeneratedMail[]): void => {
    for (const { source, internalDate } of mails) to.deliver(user, source, { internalDate });
  };
  const person = (name: string) => service.as({ userId: name, email: `${name}@sample.example` });
  const change = async (id: string, over: object) => {
    const { status, body } = await admin.put(`/mail-servers/${id}`, {
      service: 'other',
      protocol: 'imap',
      security: 'none',
      ...over,
    });
    expect(status, JSON.stringify(body)).toBe(200);
  };
  const loginsRefused = async (): Promise<number> => {
    const { body } = await service.with(null).get<string>('/metrics');
    return Number(/hrbc_mail_mailbox_looks_total\{outcome="mailbox_login_failed"\} (\d+)/.exec(body)?.[1] ?? 0);
  };
  const startTokyo = (password: string) =>
    startLocalDovecot({ directory: tokyoMail, users: [{ name: 'taro', password }] });

  let tokyoServer: string;
  let osakaServer: string;
  let taro: ApiClient;
  let jiro: ApiClient;

  beforeAll(async () => {
    tokyo = await startTokyo(PASSWORD);
    osaka = await startLocalDovecot({ users: ['jiro', 'misaki'].map((name) => ({ name, password: PASSWORD })) });
    service = await TestService.start();
    admin = await service.as({ userId: 'hanako', roles: ['admin', 'auditor'] });
    tokyoServer = await registerImapServer(admin, tokyo);
    osakaServer = await registerImapServer(admin, osaka);
    [taro, jiro] = [await person('taro'), await person('jiro')];
  }, 60_000);

  afterAll(async () => {
    await service?.remove();
    await Promise.all([tokyo?.stop(), osaka?.stop()]);
    rmSync(tokyoMail, { recursive: true, force: true });
  });

  it('lets every user choose among several servers, each with the own account', async () => {
    received.push(mail(1), mail(2));
    deliver(tokyo, 'taro', ...received);
    deliver(osaka, 'jiro', mail(3));
    await connectAccount(taro, tokyoServer, 'taro', PASSWORD);
    await saveDetails(taro, DAY, true);
    await connectAccount(jiro, osakaServer, 'jiro', PASSWORD);
    await saveDetails(jiro, DAY, true);
    await importCompleted(taro);
    await importCompleted(jiro);
    expect(await receivedDigests(taro)).toEqual(digests(received));
    expect(await receivedDigests(jiro)).toEqual(digests([mail(3)]));
  });

  it('goes on by itself on another port of the same host', async () => {
    await tokyo.stop();
    tokyo = await startTokyo(PASSWORD);
    await change(tokyoServer, { host: tokyo.host, port: tokyo.ports.imap });
    received.push(mail(4));
    deliver(tokyo, 'taro', mail(4));
    await mailsAreHere(taro, 3);
    expect(await receivedDigests(taro)).toEqual(digests(received));
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'in_use', problem: null });
  });

  it('tells no other host the password before its user has entered it again', async () => {
    const trap = new SilentServer();
    const port = await trap.listen();
    try {
      await change(tokyoServer, { host: 'localhost', port });
      const { body } = await eventually(
        () => taro.get('/me/mail-setting'),
        (answer) => answer.body.state === 'action_required',
      );
      expect(body.problem).toMatchObject({ code: 'mail_server_changed', fixableBy: 'user' });
      expect((await admin.get('/admin/mailboxes?state=action_required')).body.items).toMatchObject([
        { userId: 'taro', problem: { code: 'mail_server_changed' } },
      ]);
      expect([trap.connections, Buffer.concat(trap.heard).toString()]).toEqual([0, '']);
    } finally {
      await trap.close();
    }

    await change(tokyoServer, { host: 'localhost', port: tokyo.ports.imap });
    received.push(mail(5));
    deliver(tokyo, 'taro', mail(5));
    await connectAccount(taro, tokyoServer, 'taro', PASSWORD);
    await mailsAreHere(taro, 4);
    expect(await receivedDigests(taro), 'the other host holds the same mail: none comes twice').toEqual(
      digests(received),
    );
  });

  it('asks for a new login only after three refusals, and misses nothing of what came meanwhile', async () => {
    await tokyo.stop();
    tokyo = await startTokyo('changed on the server');
    // Every change of the server has its mailboxes looked into at once, so that no backoff is waited for.
    const seen: { readonly state: string; readonly refusals: number }[] = [];
    for (let refusals = 0; refusals < 3;) {
      const before = refusals;
      await change(tokyoServer, { name: `東京 ${before}`, host: 'localhost', port: tokyo.ports.imap });
      await eventually(loginsRefused, (refused) => refused > before);
      const { body } = await eventually(
        () => taro.get('/me/mail-setting'),
        (answer) => answer.body.problem?.code === 'mailbox_login_failed',
      );
      // Counted afterwards: a look that was due anyway may have come on top.
      refusals = await loginsRefused();
      seen.push({ state: body.state as string, refusals });
    }
    const early = seen.filter(({ refusals }) => refusals < 3);
    expect(early.length, 'it has to be seen before the third').toBeGreaterThan(0);
    for (const { state } of early) expect(state).toBe('in_use');
    const { body } = await eventually(
      () => taro.get('/me/mail-setting'),
      (answer) => answer.body.state === 'action_required',
    );
    expect(body.problem).toMatchObject({ code: 'mailbox_login_failed', fixableBy: 'user' });

    received.push(mail(6));
    deliver(tokyo, 'taro', mail(6));
    await connectAccount(taro, tokyoServer, 'taro', 'changed on the server');
    await mailsAreHere(taro, 5);
    expect(await receivedDigests(taro)).toEqual(digests(received));
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'in_use', problem: null });
  });

  it('is not held up by a server that takes connections and says nothing', async () => {
    const hanging = new SilentServer();
    await tokyo.stop();
    await hanging.listen(tokyo.ports.imap);
    try {
      await eventually(
        async () => hanging.connections,
        (connections) => connections > 0,
      );
      deliver(osaka, 'jiro', mail(7));
      await mailsAreHere(jiro, 2);
      expect(hanging.waiting, 'the other mailbox is still being looked into').toBeGreaterThan(0);
      expect((await jiro.get('/me/mail-setting')).body.problem).toBeNull();
    } finally {
      await hanging.close();
      tokyo = await startTokyo('changed on the server');
      await change(tokyoServer, { host: 'localhost', port: tokyo.ports.imap });
    }
  });

  it('does not delete a server in use, unless its settings are to go with it', async () => {
    const misaki = await person('misaki');
    await connectAccount(misaki, osakaServer, 'misaki', PASSWORD);
    expect((await admin.delete(`/mail-servers/${osakaServer}`)).body).toMatchObject({
      status: 409,
      code: 'mail_server_in_use',
      inUseBy: 2,
    });
    deliver(osaka, 'jiro', mail(8));
    await mailsAreHere(jiro, 3);

    expect((await admin.delete(`/mail-servers/${osakaServer}?release=true`)).status).toBe(204);
    for (const user of [jiro, misaki]) {
      expect((await user.get('/me/mail-setting')).body).toMatchObject({ state: 'released', mailServerId: null });
    }
    expect(await receivedDigests(jiro)).toEqual(digests([mail(3), mail(7), mail(8)]));
    expect((await taro.get('/me/mail-setting')).body.state).toBe('in_use');
    expect((await admin.get('/admin/mailboxes')).body.summary.states).toEqual({ in_use: 1, released: 2 });
  });

  it('has written no password to its log', () => {
    expect(service.log).not.toContain(PASSWORD);
  });
});
