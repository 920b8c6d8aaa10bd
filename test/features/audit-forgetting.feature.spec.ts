import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { generatedMail } from '../support/generated-mails.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';
import { storedDocuments } from '../support/stored-documents.js';

const hanako = { userId: 'hanako', name: '管理 花子', roles: ['admin', 'auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };
const jiro = { userId: 'jiro', email: 'jiro@sample.example', name: '人事 次郎' };
interface Visibility {
  readonly history: readonly { readonly event: { readonly id: string; readonly type: string } }[];
}
const DAY_MS = 24 * 60 * 60_000;
const now = Date.now();

/** What would say who the person was, or what the person has received. */
const TRACES = ['営業 太郎', 'taro@sample.example', '第3回 面談', 'pw taro'];

/** Looks for them in every collection but those that a rebuild has replaced: these stay some minutes for late readers. */
const tracesIn = (service: TestService) => async (): Promise<string[]> => {
  const documents = await storedDocuments(service);
  const generations = JSON.parse(documents.get('read_model_generations')!) as {
    _id: string;
    retired?: { generation: number }[];
  }[];
  const replaced = generations.flatMap(({ _id, retired }) =>
    (retired ?? []).map(({ generation }) => (generation === 1 ? _id : `${_id}_g${generation}`)),
  );
  return [...documents]
    .filter(([name]) => !replaced.includes(name))
    .flatMap(([name, text]) => TRACES.filter((trace) => text.includes(trace)).map((trace) => `${trace} in ${name}`));
};

describe.skipIf(findDovecot() === null)('mail that goes, and people (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let admin: ApiClient;
  let [user, colleague]: ApiClient[] = [];
  let mailServerId: string;

  beforeAll(async () => {
    dovecot = await startLocalDovecot({
      users: [
        { name: 'taro', password: 'pw taro' },
        { name: 'jiro', password: 'pw jiro' },
      ],
    });
    // Ten mails, of 5, 15, 25 … 95 days ago.
    for (let n = 0; n < 10; n++) {
      const mail = generatedMail(n, new Date(now - (5 + 10 * n) * DAY_MS));
      dovecot.deliver('taro', mail.source, { internalDate: mail.internalDate });
    }
    const own = generatedMail(77, new Date(now - 6 * DAY_MS), 'jiro@sample.example');
    dovecot.deliver('jiro', own.source, { internalDate: own.internalDate });
    service = await TestService.start();
    [admin, user, colleague] = await Promise.all([service.as(hanako), service.as(taro), service.as(jiro)]);
    mailServerId = await registerImapServer(admin!, dovecot);
    for (const [client, name] of [
      [user, 'taro'],
      [colleague, 'jiro'],
    ] as const) {
      await connectAccount(client, mailServerId, name, `pw ${name}`);
      await saveDetails(client, new Date(now - 100 * DAY_MS).toISOString().slice(0, 10), name === 'taro');
    }
    await Promise.all([user, colleague].map(async (each) => importCompleted(each)));
  }, 120_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  const visibility = async (id: string, at?: string): Promise<Visibility> =>
    (await admin.get<Visibility>(`/audit/messages/${id}/visibility${at ? `?at=${at}` : ''}`)).body;

  it('tells who could read a mail at any instant, and by which decision', async () => {
    const [mail] = await allMails(user!);
    const path = `/inbox/messages/${mail!.id}/sharing`;
    const asReceived = new Date().toISOString();
    await pause();
    await user!.put(path, { shared: false });
    await pause();
    const takenBack = new Date().toISOString();
    await pause();
    await user!.put(path, { shared: true });
    expect(await visibility(mail!.id, '2020-01-01T00:00:00Z')).toMatchObject({
      received: false,
      decision: null,
      history: [],
      readableBy: { owner: null, colleagues: false },
    });
    expect(await visibility(mail!.id, asReceived)).toMatchObject({
      received: true,
      readableBy: { owner: 'taro', colleagues: true },
      decision: { basis: 'default', shared: true, by: 'taro', event: { type: 'MailsReceived' } },
    });
    expect(await visibility(mail!.id, takenBack)).toMatchObject({
      readableBy: { owner: 'taro', colleagues: false },
      decision: { basis: 'individual', shared: false, by: 'taro', event: { type: 'MessageUnshared' } },
    });
    const present = await visibility(mail!.id);
    expect(present).toMatchObject({
      readableBy: { owner: 'taro', colleagues: true },
      decision: { event: { type: 'MessageShared' } },
    });
    expect(present.history.map(({ event }) => event.type)).toEqual([
      'MailsReceived',
      'MessageUnshared',
      'MessageShared',
    ]);
    const { body } = await admin.get(`/audit/events?type=MessageUnshared`);
    expect(body.items[0].id).toBe(present.history[1]!.event.id);
    expect((await admin.get('/audit/messages/nowhere/visibility')).body).toMatchObject({
      status: 404,
      code: 'not_on_record',
    });
  });

  it('lists everything that a person could see at an instant, page by page', async () => {
    const listed = async (userId: string, at: string) => {
      const items: { messageId: string; as: string }[] = [];
      for (let after: string | null = ''; after !== null;) {
        const { body } = await admin.get(
          `/audit/users/${userId}/visible-messages?limit=4&at=${at}${after && `&after=${after}`}`,
        );
        items.push(...body.items);
        after = body.next as string | null;
      }
      return items;
    };
    const at = new Date().toISOString();
    const [mail] = await allMails(user!);
    await pause();
    await user!.put(`/inbox/messages/${mail!.id}/sharing`, { shared: false });
    const seen = await listed('jiro', at);
    expect(seen.filter(({ as }) => as === 'colleague')).toHaveLength(10);
    expect(seen.filter(({ as }) => as === 'owner')).toHaveLength(1);
    expect((await listed('taro', at)).map(({ as }) => as)).toEqual(Array(10).fill('owner'));
    const later = new Date(Date.now() + 1_000).toISOString();
    expect((await listed('jiro', later)).map(({ messageId }) => messageId)).not.toContain(mail!.id);
    expect(await listed('jiro', '2020-01-01T00:00:00Z')).toEqual([]);
  });

  it('lets mail go by age as an admin decides, and never takes it in again', async () => {
    const before = await admin.get('/admin/retention');
    expect(before.body).toEqual({ mailDays: null, decidedAt: null, reason: null });
    expect((await user!.put('/admin/retention', { mailDays: 40, reason: 'x' })).status).toBe(403);
    expect((await admin.put('/admin/retention', { mailDays: 3, reason: 'slip' })).status).toBe(422);
    expect((await admin.put('/admin/retention', { mailDays: 40 })).status).toBe(422);
    const stale = await admin.put(
      '/admin/retention',
      { mailDays: 40, reason: 'x' },
      { headers: { 'if-match': '"7"' } },
    );
    expect(stale.status).toBe(412);
    const oldest = (await allMails(user!)).at(-1)!;
    const decided = await admin.put(
      '/admin/retention',
      { mailDays: 40, reason: '保存規程 第3条' },
      { headers: { 'if-match': before.headers.get('etag')! } },
    );
    expect(decided.body).toMatchObject({ mailDays: 40, reason: '保存規程 第3条' });
    await eventually(() => allMails(user!), (mails) => mails.length === 4); // prettier-ignore
    expect((await user!.get(`/inbox/messages/${oldest.id}/source`)).status).toBe(404);
    expect(await visibility(oldest.id)).toMatchObject({
      received: true,
      readableBy: { owner: null, colleagues: false },
      decision: { basis: 'erased', by: null },
    });
    const { body } = await admin.get('/audit/events?type=MailsErased');
    expect(body.items[0]).toMatchObject({
      actor: { kind: 'system', name: 'retention' },
      data: { cause: 'retention', userId: 'taro' },
    });
    await saveDetails(user!, new Date(now - 99 * DAY_MS).toISOString().slice(0, 10), true);
    await saveDetails(user!, new Date(now - 100 * DAY_MS).toISOString().slice(0, 10), true);
    await importCompleted(user!);
    expect(await allMails(user!)).toHaveLength(4);
  });

  it('forgets a person: nothing that says who it was is left, and every decision is', async () => {
    const before = (await admin.get('/audit/users/taro/mail-setting')).body;
    const mails = await allMails(user!);
    expect((await tracesIn(service)()).length).toBeGreaterThan(3);
    expect((await user!.post('/admin/people/taro/erasure', { reason: 'x' })).status).toBe(403);
    expect((await admin.post('/admin/people/taro/erasure', {})).status).toBe(422);
    expect((await admin.get('/admin/people/taro/erasure')).status).toBe(404);
    const decided = await admin.post('/admin/people/taro/erasure', { reason: '退職者からの請求 2026-118' });
    expect(decided.status, JSON.stringify(decided.body)).toBe(202);
    await eventually(() => admin.get('/admin/people/taro/erasure'), ({ body }) => body.state === 'erased'); // prettier-ignore
    const again = await admin.post('/admin/people/taro/erasure', { reason: 'twice' });
    expect(again.body).toMatchObject({ state: 'erased', reason: '退職者からの請求 2026-118', decidedBy: 'hanako' });

    expect(await allMails(colleague!, 'scope=shared')).toEqual([]);
    expect(await allMails(user!)).toEqual([]);
    for (const { id } of mails) expect((await user!.get(`/inbox/messages/${id}`)).status).toBe(404);
    expect((await user!.get('/me/mail-setting')).body.state).toBe('released');
    expect((await allMails(colleague!)).length).toBe(1);

    const after = (await admin.get('/audit/users/taro/mail-setting')).body;
    expect(after.setting).toEqual({ state: 'released' });
    expect(after.history.map(({ event }: { event: { type: string } }) => event.type)).toEqual([
      ...before.history.map(({ event }: { event: { type: string } }) => event.type),
      'MailSettingReleased',
    ]);
    const erased = '（消去済み）';
    expect(after.history[0].event).toMatchObject({
      actor: { userId: 'taro', name: erased },
      data: { address: erased, accountName: erased },
    });
    expect(after.history[0].event.hash).toBe(before.history[0].event.hash);
    expect((await admin.get('/audit/integrity')).body).toMatchObject({ ok: true, findingCount: 0 });
    const { body } = await admin.get('/audit/events?type=PersonErased');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ data: { userId: 'taro', erased: { receivedMails: 4, mailSettings: 1 } } });
  });

  it('has nothing of the person left in any store', async () => {
    const found = tracesIn(service);
    expect(await eventually(found, (left) => left.length === 0)).toEqual([]);
    const events = await readFile(join(service.dataDirectory, 'events', 'events.sqlite'));
    const journal = await readFile(join(service.dataDirectory, 'events', 'events.sqlite-wal')).catch(() =>
      Buffer.alloc(0),
    );
    for (const trace of TRACES) {
      for (const bytes of [events, journal]) expect(bytes.includes(Buffer.from(trace)), trace).toBe(false);
    }
  });

  it('takes nothing more from who is forgotten', async () => {
    const { body } = await user!.put('/me/mail-setting/details', { importSince: null, shareByDefault: true });
    expect(body.status).toBeGreaterThanOrEqual(400);
    const reconnect = await user!.put('/me/mail-setting/account', {
      mailServerId,
      accountName: 'taro',
      password: 'pw taro',
    });
    expect(reconnect.body).toMatchObject({ code: 'person_forgotten' });
  });
});
