import { type MicrosoftSimulator } from '@libs/provider-simulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailOf, READING } from './graph-mailbox.js';
import { CLIENT_ID, startMicrosoft } from './microsoft-world.js';

interface GraphPage {
  readonly value: readonly (Record<string, unknown> & { readonly id: string })[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
  readonly '@odata.count'?: number;
  readonly error?: { readonly code: string };
}

const INBOX = '/v1.0/me/mailFolders/inbox';
const IMMUTABLE = { prefer: 'IdType="ImmutableId"' };

describe('the simulated Microsoft Graph', () => {
  let simulator: MicrosoftSimulator;
  let token: string;
  beforeEach(async () => {
    ({ simulator } = await startMicrosoft());
    token = tokenOf('taro@sample.example');
  });
  afterEach(() => simulator.close());

  const tokenOf = (name: string, scopes: readonly string[] = READING): string =>
    simulator.desk.grant({ clientId: CLIENT_ID, accountId: simulator.account(name).id, scopes }).accessToken;
  const get = async (path: string, headers: Record<string, string> = {}, as = token) => {
    const url = path.startsWith('https:') ? path : `${simulator.url}${path}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${as}`, ...headers } });
    return { status: response.status, headers: response.headers, body: (await response.json()) as GraphPage };
  };
  const deliver = (subject: string, seconds: number, folder?: string): string => {
    const { source, receivedAt } = mailOf(subject, seconds);
    return simulator.mailbox('taro@sample.example').deliver(source, receivedAt, folder);
  };
  const round = async (path: string, headers: Record<string, string> = {}) => {
    const items: GraphPage['value'][number][] = [];
    for (let link = path; ;) {
      const { body } = await get(link, { ...IMMUTABLE, ...headers });
      items.push(...body.value);
      if (body['@odata.deltaLink'] !== undefined) return { items, deltaLink: body['@odata.deltaLink'] };
      link = body['@odata.nextLink'] ?? '';
    }
  };

  it('answers nobody without a token, nobody with an old one, and tells missing permissions', async () => {
    expect((await fetch(`${simulator.url}/v1.0/me`)).status).toBe(401);
    simulator.desk.expireAccessTokens();
    expect((await get('/v1.0/me')).body.error?.code).toBe('InvalidAuthenticationToken');
    const unpermitted = tokenOf('taro@sample.example', ['User.Read']);
    expect(await get(INBOX, {}, unpermitted)).toMatchObject({
      status: 403,
      body: { error: { code: 'ErrorAccessDenied' } },
    });
    expect((await get('/v1.0/me?$select=id,mail', {}, unpermitted)).body).toMatchObject({
      mail: 'taro@sample.example',
    });
  });

  it('has no mailbox for plans without Exchange, and none for personal accounts', async () => {
    const code = 'MailboxNotEnabledForRESTAPI';
    expect(await get(INBOX, {}, tokenOf('apps@sample.example'))).toMatchObject({
      status: 404,
      body: { error: { code } },
    });
    expect(await get(INBOX, {}, tokenOf('taro@outlook.example'))).toMatchObject({
      status: 403,
      body: { error: { code } },
    });
  });

  it('lists by filter and order, ten a page unless asked, a thousand at most', async () => {
    for (let n = 0; n < 25; n++) deliver(`mail ${n}`, n);
    const since = new Date(mailOf('', 5).receivedAt).toISOString();
    const query = `$filter=receivedDateTime ge ${since}&$orderby=receivedDateTime asc&$count=true`;
    const { body } = await get(`${INBOX}/messages?${query}`);
    expect(body).toMatchObject({ '@odata.count': 20, value: { length: 10 } });
    const second = await get(body['@odata.nextLink'] ?? '');
    expect([...body.value, ...second.body.value].map(({ subject }) => subject)).toEqual(
      Array.from({ length: 20 }, (_, n) => `mail ${n + 5}`),
    );
    expect(second.body['@odata.nextLink']).toBeUndefined();
    expect((await get(`${INBOX}/messages?$top=1001`)).status).toBe(400);
    const inefficient = await get(`${INBOX}/messages?$filter=receivedDateTime ge ${since}&$orderby=subject asc`);
    expect([inefficient.status, inefficient.body.error?.code]).toEqual([400, 'InefficientFilter']);
  });

  it('gives ids that survive a move only to who asks for them on that very call', async () => {
    const id = deliver('moving', 1);
    const idsIn = async (headers = {}) =>
      (await get(`${INBOX}/messages?$select=id`, headers)).body.value.map((item) => item.id);
    const [mutable] = await idsIn();
    expect(await idsIn(IMMUTABLE)).toEqual([id]);
    expect(mutable).not.toBe(id);
    simulator.mailbox('taro@sample.example').move(id, 'archive');
    simulator.mailbox('taro@sample.example').move(id, 'inbox');
    expect(await idsIn(IMMUTABLE)).toEqual([id]);
  });

  it('writes the MIME anew at every reading, with the same headers and text', async () => {
    const id = deliver('regenerated', 1);
    const read = async () =>
      (
        await fetch(`${simulator.url}/v1.0/me/messages/${id}/$value`, { headers: { authorization: `Bearer ${token}` } })
      ).text();
    const [first, second] = [await read(), await read()];
    expect(first).not.toBe(second);
    for (const source of [first, second]) {
      expect(source).toContain('Message-ID: <regenerated@example.com>');
      expect(source).toContain(Buffer.from('Hello\r\n').toString('base64'));
    }
    expect((await get('/v1.0/me/messages/nothing')).body.error?.code).toBe('ErrorItemNotFound');
  });

  it('follows changes from round to round, and says what left and why', async () => {
    const [stays, goes, moves] = ['stays', 'goes', 'moves'].map((subject, n) => deliver(subject, n));
    const first = await round(`${INBOX}/messages/delta?$select=receivedDateTime`, {
      prefer: 'IdType="ImmutableId", odata.maxpagesize=2',
    });
    expect(first.items.map(({ id }) => id).sort()).toEqual([stays, goes, moves].sort());
    expect((await round(first.deltaLink)).items).toEqual([]);

    const mailbox = simulator.mailbox('taro@sample.example');
    mailbox.markRead(stays!);
    mailbox.remove(goes!);
    mailbox.move(moves!, 'archive');
    const comes = deliver('comes', 9);
    const second = await round(first.deltaLink);
    expect(new Map(second.items.map((item) => [item.id, item['@removed']]))).toEqual(
      new Map([
        [stays, undefined],
        [goes, { reason: 'deleted' }],
        [moves, { reason: 'changed' }],
        [comes, undefined],
      ]),
    );
    expect(second.items.find(({ id }) => id === comes)).toHaveProperty('receivedDateTime');
  });

  it('ends a delta with a filter after 5,000 mails without a word', async () => {
    for (let n = 0; n < 5_050; n++) deliver(`mail ${n}`, n);
    const filter = `$filter=receivedDateTime ge ${new Date(mailOf('', 0).receivedAt).toISOString()}`;
    const sized = { prefer: 'IdType="ImmutableId", odata.maxpagesize=1000' };
    expect((await round(`${INBOX}/messages/delta?${filter}`, sized)).items).toHaveLength(5_000);
    expect((await round(`${INBOX}/messages/delta`, sized)).items).toHaveLength(5_050);
  });

  it('repeats, reorders, and forgets, on demand', async () => {
    for (let n = 0; n < 20; n++) deliver(`mail ${n}`, n);
    Object.assign(simulator.delta, { duplicate: true, reorder: true, pageSize: 5_000 });
    const { body } = await get(`${INBOX}/messages/delta?$select=subject`, IMMUTABLE);
    const subjects = body.value.map(({ subject }) => subject as string);
    expect(subjects).toHaveLength(40);
    expect(new Set(subjects).size).toBe(20);
    expect(subjects).not.toEqual([...subjects].sort());
    simulator.mailbox('taro@sample.example').expireDeltaTokens();
    const forgotten = await get(body['@odata.deltaLink'] ?? '');
    expect([forgotten.status, forgotten.body.error?.code]).toEqual([410, 'SyncStateNotFound']);
  });

  it('throttles a fifth request at once, and says for how long', async () => {
    simulator.faults.add({ operation: 'graph.inbox', effect: { kind: 'slow', milliseconds: 50 } });
    const answers = await Promise.all(Array.from({ length: 6 }, () => get(INBOX)));
    const throttled = answers.filter(({ status }) => status === 429);
    expect(throttled).toHaveLength(2);
    expect(throttled[0]!.headers.get('retry-after')).toBe('1');
    expect(throttled[0]!.body.error?.code).toBe('ApplicationThrottled');
  });

  it('is told what to do from another process, and tells what it was asked', async () => {
    const control = async (method: string, path: string, body?: string) => {
      const response = await fetch(`${simulator.url}/_simulator${path}`, {
        method,
        ...(body !== undefined && { body }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) };
    };
    const { source, receivedAt } = mailOf('from outside', 1);
    const path = `/people/taro@sample.example/mails?receivedAt=${receivedAt.toISOString()}`;
    expect((await control('POST', path, source.toString())).status).toBe(201);
    expect((await get(`${INBOX}/messages`)).body.value).toMatchObject([{ subject: 'from outside' }]);

    const fault = { operation: 'graph.*', effect: { kind: 'answer', status: 503 }, times: 1 };
    expect((await control('POST', '/faults', JSON.stringify(fault))).status).toBe(201);
    expect((await fetch(`${simulator.url}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      503,
    );
    expect((await get('/v1.0/me')).status).toBe(200);
    expect((await control('POST', '/faults', '{}')).status).toBe(422);

    expect((await control('PATCH', '/people/taro@sample.example', '{"mailbox":"none"}')).status).toBe(200);
    expect((await get(INBOX)).body.error?.code).toBe('MailboxNotEnabledForRESTAPI');
    expect((await control('POST', '/people/taro@sample.example/revoke')).status).toBe(204);
    expect((await get('/v1.0/me')).status).toBe(401);
    expect((await control('POST', '/people/nobody/revoke')).status).toBe(422);

    const seen = await control('GET', '/requests?operation=graph.me');
    expect(seen.body).toMatchObject([{ status: 503 }, { status: 200 }, { status: 401 }]);
    expect(JSON.stringify(seen.body)).not.toContain(token);
  });
});
