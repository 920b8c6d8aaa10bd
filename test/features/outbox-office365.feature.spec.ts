import { graphFaults } from '@libs/provider-simulators';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { saveDetails } from '../support/mailbox-steps.js';
import {
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';
import { submit, untilPostponed, untilState } from '../support/outbox-steps.js';
import { SmtpReceiver } from '../support/smtp-receiver.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const TARO = 'taro@sample.example';
const taro = { userId: 'taro', email: TARO, name: '営業 太郎', additional_address_1: 'saiyo@sample.example' };
const JIRO = 'jiro@sample.example';
const SEND = 'graph.sendMail';
const letter = { to: [JIRO], subject: '面談のご案内', text: 'よろしくお願いします。' };

describe('sending through a connected Office365 mailbox', () => {
  let hrbc: SmtpReceiver;
  let world: ServiceWithMicrosoft;
  let user: ApiClient;

  const taken = (id: string): Buffer[] =>
    world
      .mailbox(JIRO)
      .inFolder('inbox')
      .flatMap(({ source }) => (source.includes(id) ? [source] : []));

  beforeAll(async () => {
    hrbc = await SmtpReceiver.start();
    world = await startWithMicrosoft({ SMTP_URL: hrbc.url() });
    const office365 = await registerOffice365(await world.service.as(admin));
    user = await world.service.as(taro);
    expect(await signIn(world, user, office365, { as: TARO })).toBe('ok');
    await saveDetails(user, null, false);
  });
  afterAll(async () => {
    await world?.stop();
    await hrbc?.close();
  });
  beforeEach(() => world.microsoft.faults.clear());

  it('sends by Office365 and only by Office365, blind recipients unnamed (R02)', async () => {
    const { body } = await user.post('/outbox/messages', { ...letter, bcc: ['misaki@sample.example'] });
    expect(body).toMatchObject({ route: 'office365' });
    await untilState(user, body.id as string, 'accepted');
    expect(taken(body.id as string)).toHaveLength(1);
    expect(taken(body.id as string)[0]!.toString()).not.toContain('misaki');
    const hidden = world.mailbox('misaki@sample.example').inFolder('inbox');
    expect(hidden.some(({ source }) => source.includes(body.id as string))).toBe(true);
    expect(hrbc.taken).toEqual([]);
  });

  it('without the right to send as the other address: failed, with what the Exchange admin has to do (R43)', async () => {
    expect((await user.get('/me/from-addresses')).body).toEqual([
      { address: TARO, kind: 'own', sendable: 'yes' },
      { address: 'saiyo@sample.example', kind: 'additional_1', sendable: 'unknown' },
    ]);
    const id = await submit(user, { ...letter, from: 'saiyo@sample.example' });
    const { attempts } = await untilState(user, id, 'failed');
    expect(attempts).toMatchObject([{ code: 'sending_permission_missing' }]);
    expect(attempts[0]!.detail).toContain('Exchange管理センター');
    expect(taken(id)).toEqual([]);
  });

  it('puts on the record that Exchange sent it from another address, also when its copy is filed late (R43)', async () => {
    Object.assign(world.microsoft.account(TARO), { aliases: ['saiyo@sample.example'] });
    world.microsoft.filesAfterMs = 4_000;
    const id = await submit(user, { ...letter, from: 'saiyo@sample.example' });
    expect(await untilState(user, id, 'accepted')).toMatchObject({ sentAs: null });
    const { body } = await eventually(
      () => user.get(`/outbox/messages/${id}`),
      ({ body: { sentAs } }) => sentAs !== null,
      40_000,
    );
    expect(body).toMatchObject({ state: 'accepted', from: { address: 'saiyo@sample.example' }, sentAs: TARO });
    const events = await (await world.service.as(admin)).get('/audit/events?limit=200');
    const rewritten = (events.body.items as { type: string }[]).filter(({ type }) => type === 'SenderRewritten');
    expect(rewritten).toHaveLength(1);
    Object.assign(world.microsoft.account(TARO), { aliases: [] });
    world.microsoft.filesAfterMs = 0;
  });

  it('refuses beforehand what Graph does not take in one request, and names the limit', async () => {
    const attachments = [{ name: 'a.bin', contentBase64: Buffer.alloc(2_400_000).toString('base64') }];
    const { body } = await user.post('/outbox/messages', { ...letter, attachments });
    expect(body).toMatchObject({ status: 422, code: 'message_too_large' });
    expect(body.detail).toContain('2.8 MB');
  });

  it.each([
    ['lost', { kind: 'lost' } as const],
    ['late', { kind: 'slow', milliseconds: 500 } as const],
  ])('an answer that is %s: looks into Sent Items, and it was sent once', async (_what, effect) => {
    world.microsoft.faults.add({ operation: SEND, effect, times: 1 });
    const id = await submit(user, letter);
    expect(await untilState(user, id, 'accepted', 'unknown')).toMatchObject({ state: 'accepted' });
    expect(taken(id)).toHaveLength(1);
  });

  it('turned away by a limit: nothing is in doubt, and it is tried again later', async () => {
    world.microsoft.faults.add({ operation: SEND, effect: graphFaults.throttled(2), times: 1 });
    const before = Date.now();
    const id = await submit(user, letter);
    const { attempts, retryAt } = await untilPostponed(user, id);
    expect(attempts).toMatchObject([{ outcome: 'postponed', code: 'sending_rate_limited' }]);
    expect(Date.parse(retryAt!)).toBeGreaterThanOrEqual(before + 60_000);
    expect(taken(id)).toHaveLength(0);
  });

  it('killed while Graph works on it: the next start finds that it was sent, and sends it no second time', async () => {
    world.microsoft.faults.add({ operation: SEND, effect: { kind: 'slow', milliseconds: 1_500 }, times: 1 });
    const before = world.microsoft.requests.of(SEND).length;
    const id = await submit(user, letter);
    // The fault is used up once the request has arrived.
    await eventually(
      async () => world.microsoft.faults.list(),
      (faults) => faults.length === 0,
    );
    await world.service.kill();
    await eventually(
      async () => world.microsoft.requests.of(SEND).length,
      (count) => count > before,
    );
    await world.service.run();
    expect(await untilState(user, id, 'accepted', 'unknown', 'failed')).toMatchObject({ state: 'accepted' });
    expect(taken(id)).toHaveLength(1);
  });

  it('refused for good: failed, and it says so', async () => {
    world.microsoft.faults.add({ operation: SEND, effect: graphFaults.refused(400, 'ErrorInvalidRecipients') });
    const id = await submit(user, letter);
    expect(await untilState(user, id, 'failed')).toMatchObject({ attempts: [{ code: 'sending_refused' }] });
  });

  it('waiting for a new login it refuses, and HRBC’s server does not step in', async () => {
    world.microsoft.revoke(TARO);
    await eventually(
      async () => (await user.get('/me/mail-setting')).body.state as string,
      (state) => state === 'action_required',
    );
    expect((await user.post('/outbox/messages', letter)).body).toMatchObject({ status: 409, code: 'action_required' });
    expect(hrbc.taken).toEqual([]);
  });
});
