import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { type GeneratedMail, generatedMail, sha256 } from '../support/generated-mails.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  isLookedIntoAgain,
  mailsAreHere,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';
import { secretsInVault } from '../support/stored-documents.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };
const colleague = { userId: 'jiro', email: 'jiro@sample.example' };
const stranger = { userId: 'eve', company: 'rival', email: 'eve@rival.example', roles: ['admin', 'auditor'] } as const;

const DAY = '2026-11-01';
/** The edge of the chosen day in Japan: the last second before it, and its first. */
const lastSecondBefore = new Date('2026-10-31T14:59:59Z');
const firstSecond = new Date('2026-10-31T15:00:00Z');
const MINUTE = 60_000;

const before = Array.from({ length: 40 }, (_, n) =>
  generatedMail(n, new Date(lastSecondBefore.getTime() - n * MINUTE)),
);
const wanted = Array.from({ length: 300 }, (_, n) =>
  generatedMail(1_000 + n, new Date(firstSecond.getTime() + n * MINUTE)),
);
const filed = Array.from({ length: 20 }, (_, n) => generatedMail(5_000 + n, new Date('2026-11-05T00:00:00Z')));

const digests = (mails: readonly GeneratedMail[]): string[] => mails.map(({ digest }) => digest).sort();

async function sourcesOf(user: ApiClient): Promise<string[]> {
  const mails = await allMails(user);
  const sources = await Promise.all(
    mails.map(async ({ id }) => (await user.bytes(`/inbox/messages/${id}/source`)).bytes),
  );
  return sources.map(sha256).sort();
}

describe.skipIf(findDovecot() === null)('the first mail (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let user: ApiClient;

  beforeAll(async () => {
    dovecot = await startLocalDovecot({
      users: [
        { name: 'taro', password: 'pässwörd 1' },
        { name: 'jiro', password: 'pässwörd 2' },
      ],
    });
    for (const { source, internalDate } of [...before, ...wanted]) dovecot.deliver('taro', source, { internalDate });
    for (const { source, internalDate } of filed)
      dovecot.deliver('taro', source, { internalDate, folder: 'Customers' });
    service = await TestService.start();
    user = await service.as(taro);
  }, 120_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it('starts with nothing set', async () => {
    const { body } = await user.get('/me/mail-setting');
    expect(body).toMatchObject({
      state: 'none',
      service: null,
      mailServerId: null,
      address: 'taro@sample.example',
      recommendedShareByDefault: true,
      availableMailServers: [],
      problem: null,
      import: null,
    });
  });

  it('imports exactly the INBOX from the chosen day in Japan on, and changes nothing on the server', async () => {
    const untouched = dovecot.snapshot('taro').map(({ folder, id, flags, size }) => ({ folder, id, flags, size }));
    const mailServerId = await registerImapServer(await service.as(admin), dovecot);
    await connectAccount(user, mailServerId, 'taro', 'pässwörd 1');
    expect((await user.get('/me/mail-setting')).body).toMatchObject({ state: 'authorized', accountName: 'taro' });
    await saveDetails(user, DAY, true);

    const report = await importCompleted(user);
    expect(report).toMatchObject({ found: 300, imported: 300, quarantined: 0 });
    expect(report.oldestOnServer).toBe(new Date(lastSecondBefore.getTime() - 39 * MINUTE).toISOString());

    expect(await sourcesOf(user)).toEqual(digests(wanted));
    const after = dovecot.snapshot('taro').map(({ folder, id, flags, size }) => ({ folder, id, flags, size }));
    expect(after).toEqual(untouched);
  });

  it('shows the mail readable, newest first, in pages that fit together', async () => {
    const mails = await allMails(user, 'scope=mine', 37);
    expect(mails.map(({ subject }) => subject)).toEqual(wanted.map(({ subject }) => subject).reverse());
    expect(mails.map(({ receivedAt }) => receivedAt)).toEqual(
      wanted.map(({ internalDate }) => internalDate.toISOString()).reverse(),
    );
    expect(mails.filter(({ hasAttachments }) => hasAttachments)).toHaveLength(75);
  });

  it('finds mail by words, sender and time', async () => {
    const wordFound = await allMails(user, `q=${encodeURIComponent('第1004回 ㈱ｻﾝﾌﾟﾙ')}`);
    expect(wordFound.map(({ subject }) => subject)).toEqual(['第1004回 面談のご案内（㈱サンプル）']);
    const fromFound = await allMails(user, 'from=sender3%40customer.example');
    expect(fromFound).toHaveLength(wanted.filter((_, n) => (1_000 + n) % 7 === 3).length);
    const until = new Date(firstSecond.getTime() + 2 * MINUTE).toISOString();
    expect(await allMails(user, `until=${until}&since=${firstSecond.toISOString()}`)).toHaveLength(2);
  });

  it('reads a mail with its attachment, as a download', async () => {
    const [mail] = (await allMails(user)).filter(({ hasAttachments }) => hasAttachments);
    const { body } = await user.get(`/inbox/messages/${mail!.id}`);
    expect(body).toMatchObject({ id: mail!.id, state: 'ok', sharing: { shared: true, basis: 'default', by: 'taro' } });
    expect(body.text).toContain('よろしくお願いいたします。');
    expect(body.attachments).toEqual([
      { index: 0, name: '資料1299.bin', type: 'application/octet-stream', size: 4_299, inline: false },
    ]);
    const { headers, bytes } = await user.bytes(`/inbox/messages/${mail!.id}/attachments/0`);
    expect(bytes).toEqual(Buffer.alloc(4_299, 1_299 % 251));
    expect(headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%E8%B3%87%E6%96%991299\.bin$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect((await user.get(`/inbox/messages/${mail!.id}/attachments/1`)).body.code).toBe('attachment_not_found');
  });

  it('receives a later delivery by polling, once, and a poll without news appends nothing', async () => {
    const late = generatedMail(9_001, new Date('2026-11-20T03:00:00Z'));
    dovecot.deliver('taro', late.source, { internalDate: late.internalDate });
    await eventually(
      () => allMails(user),
      (mails) => mails.length === 301,
    );
    wanted.push(late);
    const auditor = await service.as(admin);
    const eventsNow = async () =>
      (await auditor.get('/audit/events?type=MailsReceived&limit=200')).body.items.length as number;
    const events = await eventsNow();
    await isLookedIntoAgain(user, 1);
    expect(await eventsNow()).toBe(events);
    expect(await sourcesOf(user)).toEqual(digests(wanted));
  });

  it('does not take an old mail that is moved into the INBOX from before the chosen day', async () => {
    const old = generatedMail(9_100, lastSecondBefore);
    const fresh = generatedMail(9_101, new Date('2026-11-20T04:00:00Z'));
    dovecot.deliver('taro', old.source, { internalDate: old.internalDate });
    dovecot.deliver('taro', fresh.source, { internalDate: fresh.internalDate });
    await eventually(
      () => allMails(user),
      (mails) => mails.length === 302,
    );
    wanted.push(fresh);
    expect(await sourcesOf(user)).toEqual(digests(wanted));
  });

  it('loses nothing by a restart, and doubles nothing', async () => {
    await service.stop();
    const meanwhile = generatedMail(9_200, new Date('2026-11-20T05:00:00Z'));
    dovecot.deliver('taro', meanwhile.source, { internalDate: meanwhile.internalDate });
    await service.run();
    await eventually(
      () => allMails(user),
      (mails) => mails.length === 303,
    );
    wanted.push(meanwhile);
    expect(await sourcesOf(user)).toEqual(digests(wanted));
  });

  it('shows shared mail to colleagues, and nothing to anybody else', async () => {
    const jiro = await service.as(colleague);
    const eve = await service.as(stranger);
    const [mail] = await allMails(user);
    const path = `/inbox/messages/${mail!.id}`;

    expect(await allMails(jiro, 'scope=shared')).toHaveLength(303);
    expect(await allMails(jiro, 'scope=mine')).toEqual([]);
    expect((await jiro.get(path)).status).toBe(200);
    expect((await jiro.put(`${path}/sharing`, { shared: false })).body).toMatchObject({
      status: 403,
      code: 'not_mailbox_owner',
    });
    for (const suffix of ['', '/source', '/attachments/0']) {
      expect((await eve.get(`${path}${suffix}`)).body).toMatchObject({ status: 404, code: 'message_not_found' });
    }
    expect(await allMails(eve, 'scope=shared')).toEqual([]);

    const unshared = await user.put(`${path}/sharing`, { shared: false });
    expect(unshared.body).toMatchObject({ shared: false, sharing: { shared: false, basis: 'individual', by: 'taro' } });
    for (const suffix of ['', '/source', '/attachments/0'])
      expect((await jiro.get(`${path}${suffix}`)).status).toBe(404);
    expect(await allMails(jiro, 'scope=shared')).toHaveLength(302);

    const ids = (await allMails(user)).slice(0, 5).map(({ id }) => id);
    expect((await user.post('/inbox/messages/sharing', { ids, shared: false })).status).toBe(200);
    expect(await allMails(jiro, 'scope=shared')).toHaveLength(298);
    expect((await user.post('/inbox/messages/sharing', { ids, shared: true })).body.items).toHaveLength(5);
    expect(await allMails(jiro, 'scope=shared')).toHaveLength(303);
  });

  it('puts every decision on the record, chained, without a secret or a word of any mail', async () => {
    const auditor = await service.as(admin);
    const items: Record<string, unknown>[] = [];
    for (let after: string | null = ''; after !== null;) {
      const cursor: string = after === '' ? '' : `&after=${after}`;
      const { body } = await auditor.get(`/audit/events?limit=100${cursor}`);
      items.push(...body.items);
      after = body.next as string | null;
    }
    const types = items.map(({ type }) => type as string);
    expect(types.slice(0, 4)).toEqual([
      'MailServerRegistered',
      'AccountRegistered',
      'MailSettingDetailsSaved',
      'ImportStarted',
    ]);
    expect(types).toContain('ImportCompleted');
    expect(items[1]).toMatchObject({
      actor: { kind: 'user', userId: 'taro', name: '営業 太郎' },
      data: { address: 'taro@sample.example', accountName: 'taro' },
    });
    const everything = JSON.stringify(items);
    expect(everything).not.toContain('pässwörd');
    expect(everything).not.toContain('面談');
    expect((await user.get('/audit/events')).body).toMatchObject({ status: 403, code: 'role_missing' });
    const rival = await service.as(stranger);
    expect((await rival.get('/audit/events')).body.items).toEqual([]);
  });

  it('releases: the credential is destroyed, the mail stays, and polling ends (R14)', async () => {
    const tarosSecrets = await secretsInVault(service);
    expect(tarosSecrets).toHaveLength(1);
    const jiro = await service.as(colleague);
    const { availableMailServers } = (await jiro.get('/me/mail-setting')).body;
    await connectAccount(jiro, availableMailServers[0].id as string, 'jiro', 'pässwörd 2');
    await saveDetails(jiro, DAY, false);
    expect(await secretsInVault(service)).toHaveLength(2);

    expect((await user.delete('/me/mail-setting')).status).toBe(204);
    expect((await user.get('/me/mail-setting')).body).toMatchObject({ state: 'released', accountName: null });
    const jirosSecrets = await secretsInVault(service);
    expect(jirosSecrets).toHaveLength(1);
    expect(jirosSecrets).not.toEqual(tarosSecrets);

    const after = generatedMail(9_300, new Date('2026-11-21T05:00:00Z'));
    for (const name of ['taro', 'jiro']) dovecot.deliver(name, after.source, { internalDate: after.internalDate });
    await mailsAreHere(jiro, 1);
    await isLookedIntoAgain(jiro);
    expect(await sourcesOf(user)).toEqual(digests(wanted));
  });

  it('connected again imports nothing twice, and what came in between', async () => {
    const { body } = await user.get('/me/mail-setting');
    await connectAccount(user, body.availableMailServers[0].id as string, 'taro', 'pässwörd 1');
    await saveDetails(user, DAY, false);
    await eventually(
      () => allMails(user),
      (mails) => mails.length === 304,
    );
    const [newest] = await allMails(user);
    expect(newest).toMatchObject({ shared: false });
  });

  it('has written no secret and no mail to its log', () => {
    expect(service.log).not.toContain('pässwörd');
    expect(service.log).not.toContain('面談');
  });
});
