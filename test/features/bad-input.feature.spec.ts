import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { TestService } from '../support/service.js';

interface Endpoint {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  /** A body that is right in every field. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly optional?: readonly string[];
}

const otherServer = { service: 'other', protocol: 'imap', security: 'ssl', host: 'mail.example.co.jp', port: 993 };
const ENDPOINTS: readonly Endpoint[] = [
  { method: 'POST', path: '/mail-servers', body: { ...otherServer, name: '本社' }, optional: ['name'] },
  { method: 'PUT', path: '/mail-servers/x', body: { ...otherServer, name: '本社' }, optional: ['name'] },
  {
    method: 'POST',
    path: '/mail-servers/diagnosis',
    body: { protocol: 'imap', security: 'ssl', host: 'mail.example.co.jp', port: 993, accountName: 'a', password: 'b' },
    optional: ['accountName', 'password'],
  },
  { method: 'PUT', path: '/me/mail-setting/account', body: { mailServerId: 'x', accountName: 'taro', password: 'p' } },
  { method: 'PUT', path: '/me/mail-setting/details', body: { importSince: '2026-11-01', shareByDefault: true } },
  { method: 'PUT', path: '/inbox/messages/x/sharing', body: { shared: true } },
  { method: 'POST', path: '/inbox/messages/sharing', body: { ids: ['x'], shared: true } },
];

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

const WRONG_VALUES: readonly (readonly [string, unknown])[] = [
  ['an object', {}],
  ['a list of objects', [{}]],
  ['an empty text', ''],
  ['a text of blanks', '   '],
  ['a text without end', 'x'.repeat(100_000)],
  ['NUL', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['a number beyond all bounds', 1e300],
];

/** Values of the table that are right for a field after all. */
const RIGHT_AFTER_ALL: Readonly<Record<string, readonly string[]>> = { password: ['a text of blanks'] };

const cases = ENDPOINTS.flatMap((endpoint) =>
  Object.keys(endpoint.body).flatMap((field) =>
    WRONG_VALUES.filter(([what]) => !RIGHT_AFTER_ALL[field]?.includes(what)).map(
      ([what, value]) => [nameOf(endpoint), field, what, endpoint, value] as const,
    ),
  ),
);

describe('bad input', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = await service.as({ userId: 'hanako', email: 'hanako@sample.example', roles: ['admin', 'auditor'] });
  });
  afterAll(async () => service?.remove());

  const send = ({ method, path }: Endpoint, body: unknown) => admin.call<Problem>(method, path, body);

  it.each(cases)('%s: %s is refused as %s', async (_name, field, _what, endpoint, value) => {
    const { status, body } = await send(endpoint, { ...endpoint.body, [field]: value });
    expect({ status, code: body.code }, JSON.stringify(body)).toEqual({ status: 422, code: 'validation_failed' });
    expect(body.errors?.[0]?.field.split('.')[0]).toBe(field);
    expect(body.errors?.[0]?.detail).not.toBe('');
  });

  const required = ENDPOINTS.flatMap((endpoint) =>
    Object.keys(endpoint.body)
      .filter((field) => !endpoint.optional?.includes(field))
      .map((field) => [nameOf(endpoint), field, endpoint] as const),
  );
  it.each(required)('%s: %s is required', async (_name, field, endpoint) => {
    const { [field]: _left, ...rest } = endpoint.body;
    const { status, body } = await send(endpoint, rest);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'validation_failed' });
    expect(body.errors?.map((error) => error.field)).toContain(field);
  });

  it.each(ENDPOINTS)('$method $path refuses a field that does not exist', async (endpoint) => {
    const { status, body } = await send(endpoint, { ...endpoint.body, surprise: 1 });
    expect(status).toBe(422);
    expect(body.errors).toContainEqual(expect.objectContaining({ field: 'surprise', code: 'unknown_field' }));
  });

  it.each(ENDPOINTS)('$method $path refuses what is no JSON object', async ({ method, path }) => {
    for (const raw of ['{', '', '[]', '"text"', 'null', '1']) {
      const { status, body } = await admin.call<Problem>(method, path, undefined, {
        raw,
        headers: { 'content-type': 'application/json' },
      });
      expect([400, 422], `${raw}: ${JSON.stringify(body)}`).toContain(status);
    }
    const form = { raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await admin.call<Problem>(method, path, undefined, form)).status).toBe(415);
  });

  it.each([
    '/inbox/messages?limit=0',
    '/inbox/messages?limit=201',
    '/inbox/messages?limit=ten',
    '/inbox/messages?scope=all',
    '/inbox/messages?since=yesterday',
    '/inbox/messages?after=nonsense',
    '/inbox/messages?shared=maybe',
    '/inbox/messages?surprise=1',
    '/inbox/messages/x?remoteContent=please',
    '/mail-servers?limit=-1',
    '/mail-servers?after=%00',
    '/audit/events?since=1',
    '/audit/events?after=e30',
  ])('GET %s is refused', async (path) => {
    const { status, body } = await admin.get(path);
    expect({ status, hasCode: typeof body.code }).toEqual({ status: 422, hasCode: 'string' });
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.10',
    '169.254.169.254',
    '[::1]',
    '2130706433',
    '0x7f000001',
    'localhost',
  ])('the private host %s is refused with the reason (R19)', async (host) => {
    const strict = await serviceWithoutExceptions();
    const { status, body } = await (
      await strict.as({ userId: 'hanako', roles: ['admin'] })
    ).post('/mail-servers', {
      ...otherServer,
      host,
    });
    expect({ status, code: body.code }, JSON.stringify(body)).toEqual({ status: 422, code: 'private_address' });
    expect(body.errors[0]).toMatchObject({ field: 'host', code: 'private_address' });
  });

  it.each(['outlook.office365.com', 'imap.gmail.com', 'POP.GMAIL.COM'])(
    '%s is named as what it is (R10)',
    async (host) => {
      const { status, body } = await admin.post('/mail-servers', { ...otherServer, host });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'oauth_only_host' });
    },
  );

  it('is told in Japanese, or in English to whom asks for it', async () => {
    const japanese = await admin.put('/me/mail-setting/details', { importSince: 1, shareByDefault: true });
    expect(japanese.body.title).toMatch(/[ぁ-ん]/);
    const english = await admin.put(
      '/me/mail-setting/details',
      { importSince: 1, shareByDefault: true },
      {
        headers: { 'accept-language': 'en' },
      },
    );
    expect(english.body.title).not.toMatch(/[ぁ-ん]/);
  });

  it('has left nothing behind, and nothing answered 500', async () => {
    expect((await admin.get('/mail-servers')).body.items).toEqual([]);
    expect((await admin.get('/me/mail-setting')).body.state).toBe('none');
    expect((await admin.get('/audit/events')).body.items).toEqual([]);
    expect(service.log).not.toContain('"status":500');
  });

  let strictService: TestService | undefined;
  async function serviceWithoutExceptions(): Promise<TestService> {
    strictService ??= await TestService.start({ MAIL_HOSTS_ALLOWED_PRIVATE: '192.0.2.1' });
    return strictService;
  }
  afterAll(async () => strictService?.remove());
});

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly detail: string }[];
}
