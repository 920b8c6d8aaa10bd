import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { execFile } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { generatedMail, sha256 } from '../support/generated-mails.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  mailsAreHere,
  receivedDigests,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const run = promisify(execFile);
const DAY = '2026-11-01';
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 2, 0, minute));
const readable = [1, 2, 3, 4].map((n) => generatedMail(n, at(n)));
/** More parts than any person makes: beyond what is parsed. */
const beyondLimits = Buffer.from(
  [
    'From: bomb@hostile.example',
    'Message-ID: <bomb@hostile.example>',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    ...Array.from({ length: 20_000 }, () => '--b\r\n\r\nx'),
    '--b--',
    '',
  ].join('\r\n'),
);
const locked = generatedMail(50, at(50));

describe.skipIf(findDovecot() === null)('mail that cannot be read (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let admin: ApiClient;
  let taro: ApiClient;
  let jiro: ApiClient;

  const quarantined = () => allMails(taro, 'scope=mine&state=quarantined');
  const lockedFile = (): string => {
    const { path, name } = ['new', 'cur']
      .flatMap((part) => {
        const path = join(dovecot.maildir('taro'), part);
        return readdirSync(path).map((name) => ({ path, name }));
      })
      .find(({ name }) => name.includes(`S=${locked.source.length},`))!;
    return join(path, name);
  };

  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'secret' }] });
    for (const { source, internalDate } of readable) dovecot.deliver('taro', source, { internalDate });
    dovecot.deliver('taro', beyondLimits, { internalDate: at(10) });
    dovecot.deliver('taro', locked.source, { internalDate: locked.internalDate });
    chmodSync(lockedFile(), 0o000);
    service = await TestService.start();
    admin = await service.as({ userId: 'hanako', roles: ['admin'] });
    taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    jiro = await service.as({ userId: 'jiro', email: 'jiro@sample.example' });
    await connectAccount(taro, await registerImapServer(admin, dovecot), 'taro', 'secret');
    await saveDetails(taro, DAY, false);
  }, 60_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it('is kept and counted, and stops nothing', async () => {
    const report = await importCompleted(taro);
    expect(report).toMatchObject({ found: 6, imported: 4, quarantined: 2 });
    await mailsAreHere(taro, 6);
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ problem: null, quarantined: 2 });
    expect((await admin.get('/admin/mailboxes')).body).toMatchObject({
      summary: { quarantined: 2 },
      items: [{ userId: 'taro', quarantined: 2 }],
    });
    expect((await allMails(taro, 'scope=mine&state=ok')).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);

    const [unfetched, unparsed] = await quarantined();
    expect((await taro.get(`/inbox/messages/${unparsed!.id}`)).body).toMatchObject({
      state: 'quarantined',
      text: null,
      html: null,
      quarantine: { reason: 'too-many-parts', hasSource: true },
    });
    expect(sha256((await taro.bytes(`/inbox/messages/${unparsed!.id}/source`)).bytes)).toBe(sha256(beyondLimits));
    expect((await taro.get(`/inbox/messages/${unfetched!.id}`)).body).toMatchObject({
      state: 'quarantined',
      receivedAt: locked.internalDate.toISOString(),
      quarantine: { hasSource: false },
    });
    expect((await taro.bytes(`/inbox/messages/${unfetched!.id}/source`)).status).toBe(404);
  });

  it('is read once more when its owner or an admin asks, and nobody else may', async () => {
    const [unfetched, unparsed] = await quarantined();
    for (const client of [taro, admin]) {
      const { status, body } = await client.post(`/inbox/messages/${unparsed!.id}/reread`);
      expect([status, body]).toEqual([200, { id: unparsed!.id, state: 'quarantined', reason: 'too-many-parts' }]);
    }
    expect((await jiro.post(`/inbox/messages/${unparsed!.id}/reread`)).body).toMatchObject({ status: 404 });
    const rival = await service.as({ userId: 'eve', company: 'rival', roles: ['admin'] });
    expect((await rival.post(`/inbox/messages/${unparsed!.id}/reread`)).body).toMatchObject({ status: 404 });
    expect((await taro.post(`/inbox/messages/${unfetched!.id}/reread`)).body).toMatchObject({ state: 'quarantined' });
    expect(await quarantined()).toHaveLength(2);
  });

  it('is there, once, as soon as the server hands it over', async () => {
    const [unfetched] = await quarantined();
    await taro.put(`/inbox/messages/${unfetched!.id}/sharing`, { shared: true });
    chmodSync(lockedFile(), 0o644);
    const { status, body } = await taro.post(`/inbox/messages/${unfetched!.id}/reread`);
    expect([status, body.state, body.reason]).toEqual([200, 'ok', null]);
    expect(body.id).not.toBe(unfetched!.id);
    expect((await taro.get(`/inbox/messages/${body.id}`)).body).toMatchObject({
      subject: locked.subject,
      shared: true,
      quarantine: null,
    });
    expect((await taro.get(`/inbox/messages/${unfetched!.id}`)).status).toBe(404);
    expect((await taro.get('/me/mail-setting')).body.quarantined).toBe(1);
    const all = [...readable, locked].map(({ digest }) => digest);
    expect(await receivedDigests(taro)).toEqual([...all, sha256(beyondLimits)].sort());
  });

  it('does not come twice when everything is compared anew', async () => {
    dovecot.resetUidValidity('taro');
    const fresh = generatedMail(60, at(60));
    dovecot.deliver('taro', fresh.source, { internalDate: fresh.internalDate });
    await mailsAreHere(taro, 7);
    await eventually(
      () => taro.get('/me/mail-setting'),
      ({ body }) => body.problem === null,
    );
    expect(await quarantined()).toHaveLength(1);
    expect((await allMails(taro)).length).toBe(7);
  });

  it('is read anew with all other mail by messages:reparse, which changes nothing where nothing is read differently', async () => {
    const before = await allMails(taro);
    const environment = { PATH: process.env['PATH'], DATA_DIR: service.dataDirectory };
    const { stdout } = await run(process.execPath, ['scripts/messages-reparse.mjs'], { env: environment });
    expect(stdout.trim().split('\n').at(-1)).toBe('7 / 7 mails read anew, 0 of them differently');
    expect(await allMails(taro)).toEqual(before);
  });
});
