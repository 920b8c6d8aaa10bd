import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

const hanako = { userId: 'hanako', name: '管理 花子', roles: ['admin'] } as const;
const kansa = { userId: 'kansa', name: '監査 一郎', roles: ['auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };
const rival = { userId: 'eve', company: 'rival', roles: ['admin', 'auditor'] } as const;
const PASSWORD = 'pässwörd 1';

interface SettingAt {
  readonly setting: { readonly state: string; readonly details: { readonly shareByDefault: boolean } };
  readonly history: readonly unknown[];
}
interface Entry {
  readonly position: string;
  readonly type: string;
  readonly at: string;
}

describe.skipIf(findDovecot() === null)('an audit (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let admin: ApiClient;
  let auditor: ApiClient;
  let user: ApiClient;
  let mailServerId: string;
  /** Instants between what happened: each is after the act before it and before the one behind it. */
  const instants: string[] = [];

  const moment = async (): Promise<string> => {
    await new Promise((resolve) => setTimeout(resolve, 3));
    const now = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 3));
    instants.push(now);
    return now;
  };

  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: PASSWORD }] });
    for (let n = 0; n < 5; n++) {
      const { source, internalDate } = generatedMail(n, new Date(Date.UTC(2026, 10, 10, n)));
      dovecot.deliver('taro', source, { internalDate });
    }
    service = await TestService.start();
    [admin, auditor, user] = await Promise.all([service.as(hanako), service.as(kansa), service.as(taro)]);
    await moment();
    mailServerId = await registerImapServer(admin, dovecot);
    await moment();
    await connectAccount(user, mailServerId, 'taro', PASSWORD);
    await moment();
    await saveDetails(user, '2026-11-01', true);
    await importCompleted(user);
    await moment();
    await saveDetails(user, '2026-11-01', false);
    await moment();
  }, 120_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  const everything = async (query = ''): Promise<Entry[]> => {
    const items: Entry[] = [];
    for (let after: string | null = ''; after !== null;) {
      const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
      const { status, body } = await auditor.get(`/audit/events?limit=3${query}${cursor}`);
      expect(status, JSON.stringify(body)).toBe(200);
      items.push(...(body.items as Entry[]));
      after = body.next as string | null;
    }
    return items;
  };
  const typesOf = (entries: readonly Entry[]) => entries.map(({ type }) => type);

  it('is for auditors only, and shows no other company anything', async () => {
    const paths = ['/audit/events', '/audit/users/taro/mail-setting', '/audit/integrity', '/audit/export?format=csv', '/audit/bundle', '/audit/google-api-setting', `/audit/mail-servers/${mailServerId}`]; // prettier-ignore
    for (const path of paths) {
      expect((await admin.get(path)).body, path).toMatchObject({ status: 403, code: 'role_missing' });
      expect((await service.with(null).get(path)).status, path).toBe(401);
    }
    const stranger = await service.as(rival);
    expect((await stranger.get('/audit/events')).body.items).toEqual([]);
    expect((await stranger.get(`/audit/mail-servers/${mailServerId}`)).body).toMatchObject({
      status: 404,
      code: 'not_on_record',
    });
    expect((await stranger.get('/audit/users/taro/mail-setting')).body).toMatchObject({
      setting: { state: 'none' },
      history: [],
    });
  });

  it('replays a mail setting at every instant, with what changed and who changed it', async () => {
    const at = async (instant: string) =>
      (await auditor.get<SettingAt>(`/audit/users/taro/mail-setting?at=${instant}`)).body;
    const states = await Promise.all(instants.map(at));
    expect(states.map(({ setting }) => setting.state)).toEqual(['none', 'none', 'authorized', 'in_use', 'in_use']);
    expect(states[3]!.setting.details.shareByDefault).toBe(true);
    expect(states[4]!.setting).toMatchObject({
      account: {
        address: 'taro@sample.example',
        mailServerId,
        credential: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
      },
      details: { importSince: '2026-11-01', shareByDefault: false },
    });
    expect(states[4]!.history.at(-1)).toMatchObject({
      event: {
        type: 'MailSettingDetailsSaved',
        actor: { kind: 'user', userId: 'taro', name: '営業 太郎' },
        clientAddress: expect.any(String),
      },
      changes: [{ field: 'details.shareByDefault', before: true, after: false }],
    });
    expect(JSON.stringify(states)).not.toContain(PASSWORD);
    const now = await auditor.get('/audit/users/taro/mail-setting');
    expect(now.body.setting).toEqual(states[4]!.setting);
  });

  it('compares two instants', async () => {
    const [, , , shared, unshared] = instants;
    const { body } = await auditor.get(`/audit/users/taro/mail-setting/difference?from=${shared}&to=${unshared}`);
    expect(body.changes).toEqual([{ field: 'details.shareByDefault', before: true, after: false }]);
    expect(body.history).toHaveLength(1);
    const backwards = await auditor.get(`/audit/users/taro/mail-setting/difference?from=${unshared}&to=${shared}`);
    expect(backwards.body).toMatchObject({ status: 422, code: 'period_invalid' });
  });

  it('replays a mail server, from before it was there', async () => {
    const before = await auditor.get(`/audit/mail-servers/${mailServerId}?at=${instants[0]}`);
    expect(before.body).toMatchObject({ setting: null, history: [] });
    const after = await auditor.get(
      `/audit/mail-servers/${mailServerId}?at=${encodeURIComponent('2126-01-01T09:00:00+09:00')}`,
    );
    expect(after.body).toMatchObject({
      at: '2126-01-01T00:00:00.000Z',
      setting: { state: 'registered', description: { protocol: 'imap', host: dovecot.host } },
      history: [{ event: { type: 'MailServerRegistered', actor: { userId: 'hanako' } } }],
    });
    expect((await auditor.get('/audit/mail-servers/nowhere')).body).toMatchObject({
      status: 404,
      code: 'not_on_record',
    });
    expect((await auditor.get('/audit/mail-servers/x?at=yesterday')).status).toBe(422);
  });

  it('finds events by person, actor, type, subject and period, page by page', async () => {
    const all = await everything();
    expect(typesOf(all).slice(0, 3)).toEqual(['MailServerRegistered', 'AccountRegistered', 'MailSettingDetailsSaved']);
    expect(all.map(({ position }) => position)).toEqual([...all.map(({ position }) => position)].sort());
    expect(await everything('&order=desc')).toEqual([...all].reverse());
    expect(typesOf(await everything('&userId=taro&actor=taro'))).toEqual([
      'AccountRegistered',
      'MailSettingDetailsSaved',
      'MailSettingDetailsSaved',
    ]);
    expect(typesOf(await everything(`&actor=hanako&until=${instants.at(-1)}`))).toEqual(['MailServerRegistered']);
    expect(new Set(typesOf(await everything('&actorKind=system')))).toEqual(
      new Set(['ImportStarted', 'MailsReceived', 'ImportCompleted']),
    );
    expect(typesOf(await everything('&actorKind=system&actor=taro'))).toEqual([]);
    expect(typesOf(await everything('&type=AccountRegistered'))).toEqual(['AccountRegistered']);
    expect(typesOf(await everything(`&subjectKind=mailServer&subjectId=${mailServerId}`))).toEqual([
      'MailServerRegistered',
    ]);
    expect(typesOf(await everything(`&since=${instants[1]}&until=${instants[2]}`))).toEqual(['AccountRegistered']);
  });

  it('gives a page again from its cursor, whatever came in between', async () => {
    const first = await auditor.get('/audit/events?limit=2');
    const second = await auditor.get(`/audit/events?limit=2&after=${first.body.next}`);
    await saveDetails(user, '2026-11-01', true);
    expect((await auditor.get(`/audit/events?limit=2&after=${first.body.next}`)).body.items).toEqual(second.body.items);
    expect((await auditor.get('/audit/events?after=nonsense')).body).toMatchObject({
      status: 422,
      code: 'cursor_invalid',
    });
  });

  it('exports what a search finds as CSV that Excel opens rightly, and puts the export on the record', async () => {
    const { headers, bytes, status } = await auditor.bytes('/audit/export?format=csv&userId=taro&actor=taro');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = bytes.toString('utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 4);
    expect(lines[0]).toContain('"日時（日本時間）"');
    expect(lines[1]).toContain('"営業 太郎"');
    expect(lines[1]).toContain('taro@sample.example');
    const [exported] = await everything('&type=RecordExported');
    expect(exported).toMatchObject({
      actor: { userId: 'kansa', name: '監査 一郎' },
      data: { format: 'csv', filter: { userId: 'taro', actorId: 'taro' } },
    });
  });

  it('exports everything as NDJSON, the export itself last', async () => {
    const { bytes } = await auditor.bytes('/audit/export?format=ndjson');
    const exported = bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Entry); // prettier-ignore
    const listed = await everything();
    expect(exported).toEqual(listed.slice(0, exported.length));
    expect(exported.at(-1)).toMatchObject({ type: 'RecordExported', data: { format: 'ndjson' } });
  });

  it('finds the record whole, and says by which keys it is sealed', async () => {
    const { body } = await auditor.get('/audit/integrity');
    expect(body).toMatchObject({
      ok: true,
      firstBroken: null,
      findings: [],
      seals: { keys: [{ id: expect.any(String) }] },
    });
    expect(body.checked).toBe((await everything()).length);
  });

  it('gives a bundle that anybody can verify without the service, and that shows a changed word', async () => {
    const { bytes } = await auditor.bytes('/audit/bundle');
    const text = bytes.toString();
    for (const personal of ['営業 太郎', 'taro@sample.example', PASSWORD]) expect(text).not.toContain(personal);
    const directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-bundle-'));
    const verdictOn = async (bundle: string) => {
      const file = join(directory, 'bundle.ndjson');
      await writeFile(file, bundle);
      return spawnSync(process.execPath, ['scripts/audit/verify-bundle.mjs', file], { encoding: 'utf8' });
    };
    try {
      const whole = await verdictOn(text);
      expect(whole.stdout).toContain('The record is whole.');
      expect(whole.stdout).toMatch(/key \S+: [0-9a-f]{64}/);
      expect(whole.status).toBe(0);
      const changed = await verdictOn(text.replace('"importSince":"2026-11-01"', '"importSince":"2026-11-02"'));
      expect(changed.status).toBe(1);
      expect(changed.stdout).toMatch(/event 1 of userMailSetting-\S+ at \S+ was changed/);
      const lines = text.trimEnd().split('\n');
      const seal = lines.findIndex((line) => line.includes('"record":"seal"'));
      for (const without of [2, seal, lines.length - 1]) {
        expect((await verdictOn(lines.toSpliced(without, 1).join('\n'))).status, `line ${without}`).toBe(1);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
    expect((await auditor.get('/audit/integrity')).body).toMatchObject({
      ok: true,
      seals: { checked: 1, last: { number: 1 } },
    });
  });

  it('puts on the record who tried what is not for them, and is not flooded by it', async () => {
    const attempts = async (userId: string) => everything(`&type=AccessRefused&userId=${userId}`);
    expect(await attempts('hanako')).toContainEqual(
      expect.objectContaining({
        actor: expect.objectContaining({ userId: 'hanako', name: '管理 花子' }),
        clientAddress: expect.any(String),
        data: { userId: 'hanako', code: 'role_missing', attempt: 'GET /api/v1/audit/events', count: 1 },
      }),
    );
    const jiro = await service.as({ userId: 'jiro', email: 'jiro@sample.example' });
    const [mail] = await allMails(user);
    await user.put(`/inbox/messages/${mail!.id}/sharing`, { shared: false });
    for (let n = 0; n < 20; n++) expect((await jiro.get(`/inbox/messages/${mail!.id}`)).status).toBe(404);
    const tried = await eventually(() => attempts('jiro'), (found) => found.length > 0); // prettier-ignore
    expect(tried).toHaveLength(1);
    expect(tried[0]).toMatchObject({
      data: { code: 'not_mailbox_owner', attempt: `GET /api/v1/inbox/messages/${mail!.id}` },
    });
    await jiro.get(`/inbox/messages/${'x'.repeat(22)}`);
    expect(await attempts('jiro')).toHaveLength(1);
  });

  it('shows no mail, and gives auditors none to read', async () => {
    const [mail] = await allMails(user);
    expect(JSON.stringify(await everything())).not.toContain(mail!.subject);
    expect((await auditor.put(`/inbox/messages/${mail!.id}/sharing`, { shared: false })).status).toBeGreaterThanOrEqual(
      403,
    );
  });
});
