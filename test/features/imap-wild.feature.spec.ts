import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { rmSync } from 'node:fs';
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

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const DAY = '2026-11-01';
const start = new Date('2026-11-02T00:00:00Z').getTime();
const oldest = new Date('2020-02-29T12:00:00Z');

interface Events {
  readonly items: readonly { readonly type: string }[];
}
interface Setting {
  readonly import: { readonly imported: number } | null;
}

/** `count` mails, no two alike, from the n-th on. */
const mailsFrom = (n: number, count: number): GeneratedMail[] =>
  Array.from({ length: count }, (_, i) => generatedMail(n + i, new Date(start + (n + i) * 1_000)));
const digests = (...mails: GeneratedMail[][]): string[] =>
  mails
    .flat()
    .map(({ digest }) => digest)
    .sort();

describe.skipIf(findDovecot() === null)('IMAP in the wild (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let administrator: ApiClient;
  let server: string;

  const deliver = (user: string, mails: readonly GeneratedMail[]): void => {
    for (const { source, internalDate } of mails) dovecot.deliver(user, source, { internalDate });
  };
  const connected = async (name: string): Promise<ApiClient> => {
    const user = await service.as({ userId: name, email: `${name}@sample.example` });
    await connectAccount(user, server, name, 'secret');
    await saveDetails(user, DAY, true);
    return user;
  };
  const typesOf = async (userId: string): Promise<string[]> => {
    const { body } = await administrator.get<Events>(`/audit/events?userId=${userId}&limit=200`);
    return body.items.map(({ type }) => type);
  };

  beforeAll(async () => {
    const users = ['taro', 'jiro', 'misaki'].map((name) => ({ name, password: 'secret' }));
    dovecot = await startLocalDovecot({ users });
    service = await TestService.start();
    administrator = await service.as(admin);
    server = await registerImapServer(administrator, dovecot);
  }, 60_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it('compares everything anew when UIDVALIDITY changes: nothing is lost, nothing comes twice', async () => {
    const before = mailsFrom(0, 40);
    deliver('taro', before);
    const taro = await connected('taro');
    await importCompleted(taro);

    dovecot.resetUidValidity('taro');
    const after = mailsFrom(100, 5);
    deliver('taro', after);
    await mailsAreHere(taro, 45);
    expect(await receivedDigests(taro)).toEqual(digests(before, after));

    const types = await eventually(
      () => typesOf('taro'),
      (seen) => seen.includes('InboxReconciled'),
    );
    expect(types.filter((type) => type === 'CursorReset')).toHaveLength(1);
    expect((await taro.get('/me/mail-setting')).body.import).toMatchObject({
      state: 'completed',
      found: 40,
      imported: 40,
    });
  });

  it('goes on after its maildir was deleted under the server: what is here stays, what comes then is received', async () => {
    const taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    const here = await receivedDigests(taro);
    for (const part of ['new', 'cur', 'dovecot-uidlist', 'dovecot.index', 'dovecot.index.log', 'dovecot.index.cache']) {
      const path = join(dovecot.maildir('taro'), part);
      rmSync(path, { recursive: true, force: true });
    }
    const fresh = mailsFrom(200, 3);
    deliver('taro', fresh);
    await mailsAreHere(taro, here.length + 3);
    expect(await receivedDigests(taro)).toEqual([...here, ...digests(fresh)].sort());
  });

  it('imports exactly the right mails although the server goes away in the middle, and says honestly how far it is', async () => {
    const mails = mailsFrom(1_000, 900);
    const old = generatedMail(5_000, oldest);
    deliver('jiro', [old, ...mails]);
    const jiro = await connected('jiro');

    const progress = await eventually(
      async () => (await jiro.get<Setting>('/me/mail-setting')).body.import,
      (report) => (report?.imported ?? 0) > 0,
    );
    expect(progress).toMatchObject({ found: 900, quarantined: 0, oldestOnServer: oldest.toISOString() });
    await dovecot.kill();
    const { body } = await eventually(
      () => jiro.get('/me/mail-setting'),
      (answer) => answer.body.problem !== null,
    );
    expect(body).toMatchObject({
      state: 'in_use',
      problem: { code: 'mailbox_server_unreachable', fixableBy: 'admin' },
      import: { state: 'running', found: 900, oldestOnServer: oldest.toISOString() },
    });
    expect(body.import.imported).toBeLessThan(900);

    await dovecot.restart();
    const report = await importCompleted(jiro);
    expect(report).toMatchObject({
      found: 900,
      imported: 900,
      quarantined: 0,
      oldestOnServer: oldest.toISOString(),
    });
    expect(await receivedDigests(jiro)).toEqual(digests(mails));
    expect((await jiro.get('/me/mail-setting')).body.problem).toBeNull();
  });

  it('counts a fault that many share once, and shows admins only the company that asks', async () => {
    deliver('misaki', mailsFrom(300, 2));
    const misaki = await connected('misaki');
    await importCompleted(misaki);
    await dovecot.kill();
    const { body } = await eventually(
      () => administrator.get('/admin/mailboxes'),
      (answer) => answer.body.summary?.problems[0]?.count === 3,
    );
    expect(body.summary).toMatchObject({
      total: 3,
      states: { in_use: 3 },
      quarantined: 0,
      problems: [{ code: 'mailbox_server_unreachable', count: 3, mailServerId: server, fixableBy: 'admin' }],
    });
    expect(body.items.map(({ userId }: { userId: string }) => userId)).toEqual(['jiro', 'misaki', 'taro']);
    expect(body.items[1]).toMatchObject({
      address: 'misaki@sample.example',
      state: 'in_use',
      problem: { code: 'mailbox_server_unreachable' },
      quarantined: 0,
      lastReceivedAt: new Date(start + 301_000).toISOString(),
    });

    const first = (await administrator.get('/admin/mailboxes?limit=2&problem=mailbox_server_unreachable')).body;
    expect(first.items).toHaveLength(2);
    const rest = (await administrator.get(`/admin/mailboxes?limit=2&after=${first.next}`)).body;
    expect([rest.items.length, rest.next]).toEqual([1, null]);
    expect((await administrator.get('/admin/mailboxes?state=released')).body.items).toEqual([]);
    expect((await misaki.get('/admin/mailboxes')).body).toMatchObject({ status: 403, code: 'role_missing' });
    const rival = await service.as({ userId: 'eve', company: 'rival', roles: ['admin'] });
    expect((await rival.get('/admin/mailboxes')).body).toMatchObject({ summary: { total: 0 }, items: [] });

    await dovecot.restart();
    deliver('misaki', mailsFrom(400, 1));
    await mailsAreHere(misaki, 3);
  });

  it('tells operators how receiving goes', async () => {
    const { body } = await service.with(null).get<string>('/metrics');
    expect(body).toContain('hrbc_mail_cursor_violations_total 0');
    expect(body).toContain('hrbc_mail_mailboxes_silent 0');
    expect(body).toMatch(/hrbc_mail_mailboxes\{problem="none"\} \d/);
    expect(body).toMatch(/hrbc_mail_receive_lag_seconds \d/);
    expect(body).toMatch(/hrbc_mail_received_mails_total\{outcome="new"\} 9\d\d/);
    expect(body).toMatch(/hrbc_mail_mailbox_looks_total\{outcome="cursor_reset"\} \d/);
  });
});
