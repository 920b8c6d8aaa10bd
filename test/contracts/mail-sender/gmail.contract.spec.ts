import { GoogleSimulator, simulatorAuthority } from '@libs/provider-simulators';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SentMailMemory } from '../../../src/gateways/sent-mail-memory.js';
import { GmailMailSender } from '../../../src/gateways/gmail/gmail-mail-sender.js';
import { type GatewayError } from '../../../src/gateways/gateway.errors.js';
import { NEW_PROJECT } from '../../../src/gateways/gmail/gmail-prices.js';
import { QuotaMeter } from '../../../src/gateways/gmail/quota-meter.js';
import { aMail, describeMailSender, never, type SenderUnderTest } from './mail-sender.suite.js';

const CLIENT = 'company-app.apps.googleusercontent.com';
const TARO = 'taro@acme.example';
const SATO = 'sato@customer.example';
const SEND = 'gmail.messages.send';

interface GmailSending extends SenderUnderTest {
  readonly google: GoogleSimulator;
  readonly sender: GmailMailSender;
  /** Lets this many milliseconds pass, for Google and for us. */
  readonly pass: (milliseconds: number) => void;
}

async function start(): Promise<GmailSending> {
  const authority = await simulatorAuthority();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
  const sendAs = [
    { email: 'saiyo@acme.example', verificationStatus: 'accepted' },
    { email: 'new@acme.example', verificationStatus: 'pending' },
  ] as const;
  const accounts = [
    { email: TARO, name: '太郎', sendAs },
    { email: SATO, name: '佐藤' },
  ];
  const seed = { clients: [{ clientId: CLIENT, clientSecret: 'shh' }], accounts };
  let passed = 0;
  const now = (): number => Date.now() + passed;
  const google = await GoogleSimulator.start({ seed, authority, now });
  let token = google.grant(TARO, CLIENT).accessToken;
  const renewed = async (): Promise<string> => (token = google.grant(TARO, CLIENT).accessToken);
  const tokens = { current: async () => token, renewed };
  const account = { mailbox: TARO, tokens, quota: new QuotaMeter(NEW_PROJECT, now) };
  return {
    google,
    sender: new GmailMailSender(account, { url: google.addresses.gmailUrl }, new SentMailMemory()),
    from: TARO,
    taken: (mailId) =>
      google
        .mailbox(SATO)
        .all()
        .flatMap(({ raw }) => (raw.toString().includes(`X-Hrbc-Mail-ID: ${mailId}\r\n`) ? [raw] : [])),
    next: (fate) => {
      if (fate === 'lost') google.faults.add({ operation: SEND, effect: { kind: 'lost' }, times: 1 });
      else google.refuse(SEND, 'invalidArgument', { times: 1 });
    },
    pass: (milliseconds) => void (passed += milliseconds),
    close: async () => google.close(),
  };
}

describeMailSender('Gmail', true, start);

describe('sending by Gmail', () => {
  let under: GmailSending;
  let commits = 0;
  const commit = async (): Promise<void> => void (commits += 1);
  beforeEach(async () => {
    under = await start();
    commits = 0;
  });
  afterEach(async () => under.close());

  it('finds its mail again though Gmail has replaced the Message-ID', async () => {
    await under.sender.send(await aMail('mail-1', TARO), commit, never);
    expect(under.taken('mail-1')[0]!.toString()).toContain('@mail.gmail.com>');
    expect(await under.sender.findSent('mail-1', new Date(), never)).toEqual({ kind: 'found', sentAs: TARO });
  });

  it('finds it in the bin, where its author has thrown it since', async () => {
    await under.sender.send(await aMail('mail-1', TARO), commit, never);
    const taro = under.google.mailbox(TARO);
    for (const { id, labelIds } of taro.all()) if (labelIds.has('SENT')) taro.label(id, 'TRASH');
    expect(await under.sender.findSent('mail-1', new Date(), never)).toEqual({ kind: 'found', sentAs: TARO });
  });

  it('sends from a verified address, and reads back who it really went out as', async () => {
    const outcome = await under.sender.send(await aMail('mail-1', 'saiyo@acme.example'), commit, never);
    expect(outcome).toEqual({ kind: 'accepted', refused: [], sentAs: 'saiyo@acme.example' });
  });

  it.each([
    ['boss@acme.example', 'not_registered'],
    ['new@acme.example', 'not_verified'],
  ] as const)('stops before Gmail could put %s back: %s (R44)', async (from, reason) => {
    expect(await under.sender.checkFrom(from, never)).toEqual({ sendable: 'no', reason });
    expect(await under.sender.send(await aMail('mail-1', from), commit, never)).toEqual({
      kind: 'not_sent',
      failure: { kind: 'Rejected', code: `from_${reason}` },
      refused: [],
    });
    expect(commits).toBe(0);
    expect(under.taken('mail-1')).toEqual([]);
  });

  it('stays in the thread of the mail that it answers', async () => {
    const taro = under.google.mailbox(TARO);
    const question = taro.deliver(
      Buffer.from('From: sato@customer.example\r\nMessage-ID: <q@customer.example>\r\n\r\n?'),
      {
        internalDate: new Date(),
      },
    );
    const mail = { ...(await aMail('mail-1', TARO)), inReplyTo: '<q@customer.example>' };
    await under.sender.send(mail, commit, never);
    const [sent] = taro.all().filter(({ labelIds }) => labelIds.has('SENT'));
    expect(sent).toMatchObject({ threadId: question.threadId });
  });

  it('goes on with a new token where the old one ended before its time', async () => {
    under.google.refuse(SEND, 'authError', { times: 1 });
    expect(await under.sender.send(await aMail('mail-1', TARO), commit, never)).toMatchObject({ kind: 'accepted' });
    expect(commits).toBe(1);
    expect(under.taken('mail-1')).toHaveLength(1);
  });

  it.each([
    ['userRateLimitExceeded', { kind: 'RateLimited' }],
    ['insufficientPermissions', { kind: 'PermissionMissing' }],
    ['accessNotConfigured', { kind: 'Rejected', code: 'gmail_api_disabled' }],
  ] as const)('%s: nothing was sent', async (refusal, failure) => {
    under.google.refuse(SEND, refusal, { times: 1 });
    expect(await under.sender.send(await aMail('mail-1', TARO), commit, never)).toMatchObject({
      kind: 'not_sent',
      failure,
    });
    expect(under.taken('mail-1')).toEqual([]);
  });

  it('is not sure after a fault of Google’s, and finds out by looking', async () => {
    under.google.refuse(SEND, 'backendError', { times: 1 });
    expect((await under.sender.send(await aMail('mail-1', TARO), commit, never)).kind).toBe('uncertain');
    expect(await under.sender.findSent('mail-1', new Date(), never)).toEqual({ kind: 'absent' });
    expect(under.google.requests.of(SEND)).toHaveLength(1);
  });

  it('believes no half answer about a sent mail, and does not remember it', async () => {
    const since = new Date();
    under.next('lost');
    await under.sender.send(await aMail('mail-1', TARO), commit, never);
    for (const body of [{}, { id: 'x', payload: {} }, { id: 'x', payload: { headers: [] } }]) {
      under.google.faults.add({ operation: 'gmail.messages.get', effect: { kind: 'answer', status: 200, body } });
      await expect(under.sender.findSent('mail-1', since, never)).rejects.toMatchObject({
        failure: { kind: 'Unavailable', detail: 'protocol_error' },
      });
      under.google.faults.clear();
    }
    expect(await under.sender.findSent('mail-1', since, never)).toEqual({ kind: 'found', sentAs: TARO });
  });

  it('searches more sent mail than a minute allows to its end, and asks for none of it twice', async () => {
    const mails = 400;
    const since = new Date();
    for (let n = 0; n < mails; n++) {
      const source = Buffer.from(`From: ${TARO}\r\nX-Hrbc-Mail-ID: other-${n}\r\n\r\nx`);
      under.google.mailbox(TARO).deliver(source, { internalDate: new Date(), labelIds: ['SENT'] });
    }
    let waits = 0;
    const search = async (mailId: string): Promise<unknown> => {
      for (;;) {
        try {
          return await under.sender.findSent(mailId, since, never);
        } catch (error) {
          const { failure } = error as GatewayError;
          if (failure.kind !== 'RateLimited') throw error;
          expect(failure.paced, 'Google itself had to refuse').toBe(true);
          waits += 1;
          under.pass(failure.retryAfterMs);
        }
      }
    };
    expect(await search('mail-1')).toEqual({ kind: 'absent' });
    expect(waits, 'it had to be searched in parts').toBeGreaterThan(0);
    expect(await search('mail-2')).toEqual({ kind: 'absent' });
    expect(under.google.requests.of('gmail.messages.get')).toHaveLength(mails);
  });
});
