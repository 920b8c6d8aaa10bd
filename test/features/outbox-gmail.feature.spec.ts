import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import {
  COMPANY_APP,
  registerGmail,
  type ServiceWithGoogle,
  signIn,
  startWithGoogle,
} from '../support/google-steps.js';
import { allMails, saveDetails } from '../support/mailbox-steps.js';
import { sentMail, submit, untilPostponed, untilState } from '../support/outbox-steps.js';
import { SmtpReceiver } from '../support/smtp-receiver.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const TARO = 'taro@sample.example';
const taro = { userId: 'taro', email: TARO, name: '営業 太郎', additional_address_1: 'saiyo@sample.example' };
const misaki = { userId: 'misaki', email: 'misaki@sample.example', additional_address_1: 'jinji@sample.example' };
const SATO = 'sato@customer.example';
const SEND = 'gmail.messages.send';

const seed = {
  clients: [{ ...COMPANY_APP, audience: 'internal', domain: 'sample.example' }],
  accounts: [
    { email: TARO, name: '太郎', sendAs: [{ email: 'saiyo@sample.example', verificationStatus: 'accepted' }] },
    {
      email: 'misaki@sample.example',
      name: '美咲',
      sendAs: [{ email: 'jinji@sample.example', verificationStatus: 'pending' }],
    },
    { email: SATO, name: '佐藤' },
  ],
} as const;
const letter = { to: [SATO], subject: '面談のご案内', text: 'よろしくお願いします。' };

describe('sending through a connected Gmail mailbox', () => {
  let hrbc: SmtpReceiver;
  let world: ServiceWithGoogle;
  let user: ApiClient;
  let gmail: string;

  const taken = (id: string): Buffer[] =>
    world
      .mailbox(SATO)
      .all()
      .flatMap(({ raw }) => (raw.includes(id) ? [raw] : []));

  beforeAll(async () => {
    hrbc = await SmtpReceiver.start();
    world = await startWithGoogle(seed, { SMTP_URL: hrbc.url() });
    gmail = await registerGmail(await world.service.as(admin));
    user = await world.service.as(taro);
    expect(await signIn(user, gmail, { as: TARO })).toBe('ok');
  });
  afterAll(async () => {
    await world?.stop();
    await hrbc?.close();
  });
  beforeEach(() => {
    world.google.faults.clear();
    hrbc.taken.length = 0;
  });

  it('before the details are saved, HRBC’s server sends as before (R07)', async () => {
    const { body } = await user.post('/outbox/messages', letter);
    expect(body).toMatchObject({ route: 'hrbc' });
    await untilState(user, body.id as string, 'accepted');
    expect(hrbc.taken).toHaveLength(1);
    await saveDetails(user, null, false);
  });

  it('sends by Gmail and only by Gmail, blind recipients unnamed (R03)', async () => {
    const { body } = await user.post('/outbox/messages', { ...letter, bcc: ['misaki@sample.example'] });
    expect(body).toMatchObject({ route: 'gmail' });
    await untilState(user, body.id as string, 'accepted');
    expect(taken(body.id as string)).toHaveLength(1);
    expect(taken(body.id as string)[0]!.toString()).not.toContain('misaki');
    expect(
      world
        .mailbox('misaki@sample.example')
        .all()
        .some(({ raw }) => raw.includes(body.id as string)),
    ).toBe(true);
    expect(hrbc.taken).toEqual([]);
  });

  it('answers a received mail within its thread', async () => {
    const question = world
      .mailbox(TARO)
      .deliver(
        Buffer.from(
          `From: ${SATO}\r\nTo: ${TARO}\r\nSubject: Q\r\nMessage-ID: <q1@customer.example>\r\nReferences: <q0@customer.example>\r\n\r\n?\r\n`,
        ),
        { internalDate: new Date() },
      );
    const [received] = await eventually(
      () => allMails(user),
      (mails) => mails.length === 1,
    );
    const id = await submit(user, { ...letter, subject: 'Re: Q', inReplyTo: received!.id });
    await untilState(user, id, 'accepted');
    const [answer] = taken(id);
    expect(answer!.toString()).toContain('In-Reply-To: <q1@customer.example>');
    expect(answer!.toString()).toContain('References: <q0@customer.example> <q1@customer.example>');
    const [sent] = world
      .mailbox(TARO)
      .all()
      .filter(({ labelIds, raw }) => labelIds.has('SENT') && raw.includes(id));
    expect(sent).toMatchObject({ threadId: question.threadId });
    expect((await user.post('/outbox/messages', { ...letter, inReplyTo: 'no-such-mail' })).body).toMatchObject({
      status: 422,
      code: 'in_reply_to_unknown',
    });
  });

  it('knows beforehand which addresses work, and refuses what Gmail would rewrite (R44)', async () => {
    expect((await user.get('/me/from-addresses')).body).toEqual([
      { address: TARO, kind: 'own', sendable: 'yes' },
      { address: 'saiyo@sample.example', kind: 'additional_1', sendable: 'yes' },
    ]);
    const id = await submit(user, { ...letter, from: 'saiyo@sample.example' });
    await untilState(user, id, 'accepted');
    expect(taken(id)[0]!.toString()).toMatch(/^From: .*<saiyo@sample\.example>/m);

    const other = await world.service.as(misaki);
    expect(await signIn(other, gmail, { as: misaki.email })).toBe('ok');
    await saveDetails(other, null, false);
    expect((await other.get('/me/from-addresses')).body[1]).toMatchObject({
      address: 'jinji@sample.example',
      sendable: 'no',
      reason: 'not_verified',
    });
    const refused = await other.post('/outbox/messages', { ...letter, from: 'jinji@sample.example' });
    expect(refused.body).toMatchObject({ status: 422, code: 'from_not_registered_at_provider' });
    // The steps to register it, as Gmail's settings call them.
    expect(refused.body.detail).toContain('「設定」→「アカウント」→「名前」の「他のメールアドレスを追加」');
    expect(refused.body.detail).toContain('jinji@sample.example');
  });

  it('puts on the record that Gmail sent it from another address all the same (R44)', async () => {
    const verified = { sendAsEmail: 'saiyo@sample.example', verificationStatus: 'accepted' };
    const stillThere = { kind: 'answer', status: 200, body: { sendAs: [verified] } } as const;
    world.google.faults.add({ operation: 'gmail.sendAs.list', effect: stillThere });
    const gone = world.mailbox(TARO).sendAs.splice(0);
    const id = await submit(user, { ...letter, from: 'saiyo@sample.example' });
    expect(await untilState(user, id, 'accepted')).toMatchObject({ sentAs: TARO });
    expect(taken(id)[0]!.toString()).toMatch(/^From: .*taro@sample\.example/m);
    world.mailbox(TARO).sendAs.push(...gone);
  });

  it('refuses beforehand what Gmail does not take, and names the limit', async () => {
    const form = new FormData();
    form.append('to', SATO);
    form.append('attachments', new Blob([Buffer.alloc(27 * 1024 * 1024)]), 'a.bin');
    const { body } = await user.form('/outbox/messages', form);
    expect(body).toMatchObject({ status: 422, code: 'message_too_large' });
    expect(body.detail).toContain('35 MB');
  });

  it('an answer that is lost: looks into 送信済み and finds that it was sent', async () => {
    world.google.faults.add({ operation: SEND, effect: { kind: 'lost' }, times: 1 });
    const id = await submit(user, letter);
    expect(await untilState(user, id, 'accepted', 'unknown')).toMatchObject({ state: 'accepted' });
    expect(taken(id)).toHaveLength(1);
  });

  it('killed while Gmail works on it: the next start finds that it was sent, and sends it no second time', async () => {
    world.google.faults.add({ operation: SEND, effect: { kind: 'slow', milliseconds: 1_500 }, times: 1 });
    const before = world.google.requests.of(SEND).length;
    const id = await submit(user, letter);
    // The fault is used up once the request has arrived.
    await eventually(
      async () => world.google.faults.list(),
      (faults) => faults.length === 0,
    );
    await world.service.kill();
    await eventually(
      async () => world.google.requests.of(SEND).length,
      (count) => count > before,
    );
    await world.service.run();
    expect(await untilState(user, id, 'accepted', 'unknown', 'failed')).toMatchObject({ state: 'accepted' });
    expect(taken(id)).toHaveLength(1);
  });

  it('refused for good: failed, and it says so', async () => {
    world.google.faults.add({ operation: SEND, effect: { kind: 'answer', status: 413, body: {} } });
    const id = await submit(user, letter);
    expect(await untilState(user, id, 'failed')).toMatchObject({ attempts: [{ code: 'sending_too_large' }] });
    expect(taken(id)).toEqual([]);
  });

  it('while the company’s app is at fault, the mail waits, and its administrator is named', async () => {
    world.google.refuse(SEND, 'accessNotConfigured', { times: 1 });
    const before = Date.now();
    const id = await submit(user, letter);
    const { attempts, retryAt, state } = await untilPostponed(user, id);
    expect(state).toBe('queued');
    expect(attempts).toMatchObject([{ outcome: 'postponed', code: 'sending_gmail_api_disabled', fixableBy: 'admin' }]);
    expect(attempts[0]!.detail).toContain('Google Cloud');
    expect(Date.parse(retryAt!)).toBeGreaterThanOrEqual(before + 5 * 60_000);
    expect(taken(id)).toEqual([]);
  });

  it('more mails than Gmail takes in a minute: the rest waits for its turn, and spends no attempts on it', async () => {
    const hanako = await world.service.as(admin);
    expect((await hanako.put('/google-api-setting', { ...COMPANY_APP, quotaUnitsPerMinute: 600 })).status).toBe(200);
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) ids.push(await submit(user, { ...letter, subject: `候補者${n}様` }));
    const mails = await eventually(
      async () => Promise.all(ids.map((id) => sentMail(user, id))),
      (found) => found.every(({ state }) => state === 'accepted'),
      150_000,
    );
    for (const id of ids) expect(taken(id)).toHaveLength(1);
    const postponed = mails.flatMap(({ attempts }) => attempts.filter(({ outcome }) => outcome === 'postponed'));
    expect(postponed.map(({ code }) => code)).toContain('sending_rate_limited');
    expect(postponed.length, 'of four that are under way at once').toBeLessThanOrEqual(4);
  });

  it('waiting for a new login it refuses, and HRBC’s server does not step in', async () => {
    world.google.desk.revoke(TARO);
    await eventually(
      async () => (await user.get('/me/mail-setting')).body.state as string,
      (state) => state === 'action_required',
    );
    const refused = await user.post('/outbox/messages', letter);
    expect(refused.body).toMatchObject({ status: 409, code: 'action_required' });
    expect((await user.get('/me/from-addresses')).body[0]).toMatchObject({ sendable: 'no', reason: 'action_required' });
    expect(hrbc.taken).toEqual([]);
  });
});
