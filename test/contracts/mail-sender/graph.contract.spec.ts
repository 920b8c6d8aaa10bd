import { graphFaults, type MicrosoftSeed, MicrosoftSimulator, simulatorAuthority } from '@libs/provider-simulators';
import { Readable } from 'node:stream';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GraphMailSender } from '../../../src/gateways/graph/graph-mail-sender.js';
import { SentMailMemory } from '../../../src/gateways/sent-mail-memory.js';
import { READING_PATIENCE } from '../../../src/gateways/graph/graph-retry.js';
import { RequestLanes } from '../../../src/gateways/graph/request-lanes.js';
import { aMail, describeMailSender, never, type SenderUnderTest } from './mail-sender.suite.js';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const TARO = 'taro@acme.example';
const SATO = 'sato@customer.example';
const SEND = 'graph.sendMail';
const SOURCE = 'graph.message.source';

const seed: MicrosoftSeed = {
  apps: [{ clientId: CLIENT, clientSecret: 'shh' }],
  tenants: [
    {
      id: 'aaaaaaaa-0000-4000-8000-000000000001',
      name: 'Acme',
      users: [
        {
          id: 'bbbbbbbb-0000-4000-8000-000000000001',
          userPrincipalName: TARO,
          displayName: '太郎',
          aliases: ['t.eigyo@acme.example'],
          sendAs: ['saiyo@acme.example'],
        },
        { id: 'bbbbbbbb-0000-4000-8000-000000000002', userPrincipalName: SATO, displayName: '佐藤' },
      ],
    },
  ],
};

interface GraphSending extends SenderUnderTest {
  readonly microsoft: MicrosoftSimulator;
  readonly sender: GraphMailSender;
}

async function start(): Promise<GraphSending> {
  const authority = await simulatorAuthority();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
  const microsoft = await MicrosoftSimulator.start({ seed, authority });
  const { id: accountId } = microsoft.account(TARO);
  const scopes = ['User.Read', 'Mail.Read', 'Mail.Send', 'offline_access'];
  const issue = async (): Promise<string> => microsoft.desk.grant({ clientId: CLIENT, accountId, scopes }).accessToken;
  const first = issue();
  const tokens = { current: () => first, renewed: issue };
  const patience = { ...READING_PATIENCE, firstPauseMs: 10 };
  const endpoint = { url: microsoft.url, lanes: new RequestLanes(), patience };
  return {
    microsoft,
    sender: new GraphMailSender({ mailbox: accountId, tokens }, endpoint, new SentMailMemory(), 10),
    from: TARO,
    taken: (mailId) =>
      microsoft
        .mailbox(SATO)
        .inFolder('inbox')
        .flatMap(({ source }) => (source.toString().includes(`X-Hrbc-Mail-ID: ${mailId}\r\n`) ? [source] : [])),
    next: (fate) =>
      microsoft.faults.add({
        operation: SEND,
        times: 1,
        effect: fate === 'lost' ? { kind: 'lost' } : graphFaults.refused(400, 'ErrorInvalidRecipients'),
      }),
    close: async () => microsoft.close(),
  };
}

describeMailSender('Microsoft Graph', true, start);

describe('sending by Microsoft Graph', () => {
  let under: GraphSending;
  let commits = 0;
  const commit = async (): Promise<void> => void (commits += 1);
  const send = async (from = TARO) => under.sender.send(await aMail('mail-1', from), commit, never);
  beforeEach(async () => {
    under = await start();
    commits = 0;
  });
  afterEach(async () => under.close());

  it('finds its mail in Sent Items though Exchange has replaced the Message-ID, and among many', async () => {
    const before = new Date();
    await send();
    for (let n = 0; n < 60; n++) await under.sender.send(await aMail(`other-${n}`, TARO), commit, never);
    expect(under.taken('mail-1')[0]!.toString()).toContain('@prod.outlook.example>');
    expect(await under.sender.findSent('mail-1', before, never)).toEqual({ kind: 'found', sentAs: TARO });
  });

  it.each(['deleteditems', 'Projekt'])('finds it where somebody has moved it since: %s', async (folder) => {
    const before = new Date();
    await send();
    const mailbox = under.microsoft.mailbox(TARO);
    for (const { immutableId } of mailbox.inFolder('sentitems')) mailbox.move(immutableId, folder);
    expect(await under.sender.findSent('mail-1', before, never)).toEqual({ kind: 'found', sentAs: TARO });
    expect(await under.sender.findSent('mail-2', before, never)).toEqual({ kind: 'absent' });
  });

  it('reads nothing more of mails that came in: they tell all their header fields', async () => {
    const before = new Date();
    const came = Buffer.from('Received: from mx.example by mx.acme.example\r\nFrom: a@customer.example\r\n\r\nhello');
    for (let n = 0; n < 5; n++) under.microsoft.mailbox(TARO).deliver(came, new Date());
    expect(await under.sender.findSent('mail-1', before, never)).toEqual({ kind: 'absent' });
    expect(under.microsoft.requests.of(SOURCE)).toHaveLength(0);
  });

  it('finds it in one request where Sent Items tell header fields, and where they do not by the source', async () => {
    for (const tells of [true, false]) {
      under.microsoft.tellsSentHeaders = tells;
      const mailId = `mail-${tells}`;
      under.microsoft.faults.add({ operation: SEND, times: 1, effect: { kind: 'lost' } });
      await under.sender.send(await aMail(mailId, TARO), commit, never);
      expect(await under.sender.findSent(mailId, new Date(), never)).toMatchObject({ kind: 'found' });
    }
    expect(under.microsoft.requests.of(SOURCE)).toHaveLength(1);
  });

  it('reads the source of a sent mail once, and only its beginning, however often it has to look', async () => {
    const before = new Date();
    for (let n = 0; n < 5; n++) await under.sender.send(await aMail(`other-${n}`, TARO), commit, never);
    for (let n = 0; n < 3; n++) {
      expect(await under.sender.findSent('mail-1', before, never)).toEqual({ kind: 'absent' });
    }
    expect(under.microsoft.requests.of(SOURCE)).toHaveLength(5);
  });

  it.each([
    ['a page without its list', 'graph.sentItems.list', { kind: 'answer', status: 200, body: {} }],
    ['half a source', SOURCE, { kind: 'malformed' }],
    ['a source that is away', SOURCE, graphFaults.failing(500)],
  ] as const)('%s proves the absence of nothing, and is not remembered', async (_what, operation, effect) => {
    const before = new Date();
    under.microsoft.faults.add({ operation: SEND, times: 1, effect: { kind: 'lost' } });
    await under.sender.send(await aMail('mail-1', TARO), commit, never);
    under.microsoft.faults.add({ operation, effect });
    await expect(under.sender.findSent('mail-1', before, never)).rejects.toMatchObject({
      failure: { kind: 'Unavailable' },
    });
    under.microsoft.faults.clear();
    expect(await under.sender.findSent('mail-1', before, never)).toEqual({ kind: 'found', sentAs: TARO });
  });

  it('does not call a mail absent while one that might be it has gone away', async () => {
    const before = new Date();
    under.microsoft.faults.add({ operation: SEND, times: 1, effect: { kind: 'lost' } });
    await under.sender.send(await aMail('mail-1', TARO), commit, never);
    under.microsoft.faults.add({ operation: SOURCE, effect: graphFaults.refused(404, 'ErrorItemNotFound') });
    expect(await under.sender.findSent('mail-1', before, never)).toEqual({ kind: 'unsearchable' });
  });

  it('refused a From of another mailbox: says that the right to send as it is missing (R43)', async () => {
    expect(await send('boss@acme.example')).toEqual({
      kind: 'not_sent',
      failure: { kind: 'PermissionMissing', permission: 'send_as' },
      refused: [],
    });
    expect(await under.sender.checkFrom('boss@acme.example', never)).toEqual({ sendable: 'unknown' });
  });

  it('with that right it sends as the other one', async () => {
    expect(await send('saiyo@acme.example')).toEqual({ kind: 'accepted', refused: [], sentAs: 'saiyo@acme.example' });
  });

  it('finds out that an alias was put back in silence', async () => {
    expect(await send('t.eigyo@acme.example')).toEqual({ kind: 'accepted', refused: [], sentAs: TARO });
  });

  it('is accepted also when nobody can say as whom', async () => {
    under.microsoft.faults.add({ operation: 'graph.sentItems.list', effect: graphFaults.failing(500) });
    expect(await send()).toEqual({ kind: 'accepted', refused: [], sentAs: null });
  });

  it.each([
    ['an error of Microsoft’s', graphFaults.failing(500)],
    ['a gateway that gave up', graphFaults.failing(504)],
    ['unavailable', graphFaults.failing(503)],
    ['unavailable until later', { kind: 'answer', status: 503, headers: { 'retry-after': '7' } } as const],
  ])('%s: not sure, not repeated, found out by looking', async (_what, effect) => {
    under.microsoft.faults.add({ operation: SEND, times: 1, effect });
    expect((await send()).kind).toBe('uncertain');
    expect(under.microsoft.requests.of(SEND)).toHaveLength(1);
    expect(await under.sender.findSent('mail-1', new Date(), never)).toEqual({ kind: 'absent' });
  });

  it('turned away by a limit: nothing was sent, and it says for how long to keep off', async () => {
    under.microsoft.faults.add({ operation: SEND, times: 1, effect: graphFaults.throttled(17) });
    expect(await send()).toEqual({
      kind: 'not_sent',
      failure: { kind: 'RateLimited', retryAfterMs: 17_000 },
      refused: [],
    });
    expect(under.microsoft.requests.of(SEND)).toHaveLength(1);
    expect(await under.sender.findSent('mail-1', new Date(), never)).toEqual({ kind: 'absent' });
  });

  it('goes on with a new token where the old one ended before its time', async () => {
    under.microsoft.faults.add({
      operation: SEND,
      times: 1,
      effect: graphFaults.refused(401, 'InvalidAuthenticationToken'),
    });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(commits).toBe(1);
    expect(under.taken('mail-1')).toHaveLength(1);
  });

  it('takes a mail of the limit that it names', async () => {
    const mail = await aMail('mail-1', TARO);
    const filling = Buffer.alloc((await under.sender.maxMessageBytes()) - mail.size, 'x');
    const source = () => Readable.from(joined(mail.source(), filling), { objectMode: false });
    expect(await under.sender.send({ ...mail, source }, commit, never)).toMatchObject({ kind: 'accepted' });
  });
});

async function* joined(mail: Readable, filling: Buffer): AsyncGenerator<Buffer> {
  for await (const chunk of mail) yield chunk as Buffer;
  yield filling;
}
