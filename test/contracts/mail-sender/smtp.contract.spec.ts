import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeMail } from '@libs/mail-composing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Commit, type PreparedMail, type SendOutcome } from '../../../src/gateways/index.js';
import { SmtpMailSender } from '../../../src/gateways/smtp/smtp-mail-sender.js';
import { parseSmtpUrl } from '../../../src/gateways/smtp/smtp-server-address.js';
import { describeMailSender } from './mail-sender.suite.js';
import { type Conduct, SmtpReceiver } from '../../support/smtp-receiver.js';

let receiver: SmtpReceiver;
let sender: SmtpMailSender;
let committed: number;

const commit: Commit = async () => {
  committed += 1;
};
const never = new AbortController().signal;

beforeEach(async () => {
  receiver = await SmtpReceiver.start();
  sender = senderTo(receiver);
  committed = 0;
});
afterEach(async () => {
  sender.close();
  await receiver.close();
});

function senderTo(server: SmtpReceiver, more: { dkim?: string } = {}): SmtpMailSender {
  return new SmtpMailSender({
    server: parseSmtpUrl(server.url('socketTimeoutSeconds=1&connectionTimeoutSeconds=1')),
    dkim: more.dkim === undefined ? null : { domain: 'hrbc.example', selector: 'mail', privateKey: more.dkim },
  });
}

const draft = {
  from: { name: '営業 太郎', address: 'taro@sample.example' },
  to: [
    { name: '', address: 'tanaka..t.@docomo.example' },
    { name: '', address: 'sato@customer.example' },
  ],
  cc: [],
  subject: '面談のご案内',
  text: 'よろしくお願いいたします。\n.\n..点で始まる行\n',
  html: null,
  attachments: [],
  messageId: '<mail-1@sample.example>',
  date: new Date('2026-11-01T00:00:00Z'),
  inReplyTo: null,
  references: [],
  headers: { 'X-HRBC-Mail-Id': 'mail-1' },
};

async function aMail(): Promise<PreparedMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of composeMail(draft)) chunks.push(chunk as Buffer);
  const source = Buffer.concat(chunks);
  return {
    mailId: 'mail-1',
    messageId: draft.messageId,
    from: draft.from.address,
    returnPath: null,
    envelopeId: 'mail-1',
    recipients: ['tanaka..t.@docomo.example', 'sato@customer.example', 'hidden@customer.example'],
    bcc: ['hidden@customer.example'],
    size: source.length,
    inReplyTo: null,
    source: () => Readable.from([source.subarray(0, 100), source.subarray(100)]),
  };
}

async function sendTo(conduct: Conduct): Promise<SendOutcome> {
  receiver.conduct = conduct;
  return sender.send(await aMail(), commit, never);
}

const unavailable = (detail: string) => ({
  kind: 'not_sent',
  refused: [],
  failure: { kind: 'Unavailable', detail },
});

describeMailSender('SMTP', false, async () => {
  const server = await SmtpReceiver.start();
  const own = senderTo(server);
  return {
    sender: own,
    from: 'taro@sample.example',
    taken: (mailId) => server.taken.flatMap(({ source }) => (source.includes(mailId) ? [source] : [])),
    next: (fate) => server.once(fate === 'lost' ? 'take_then_cut' : 'refuse_mail'),
    close: async () => {
      own.close();
      await server.close();
    },
  };
});

describe('sending by SMTP', () => {
  it('hands a mail over, bytes exact, to everybody, blind recipients in no header', async () => {
    const mail = await aMail();
    expect(await sender.send(mail, commit, never)).toEqual({ kind: 'accepted', refused: [], sentAs: null });
    const [taken, ...others] = receiver.taken;
    expect(others).toEqual([]);
    expect(taken).toMatchObject({
      from: 'taro@sample.example',
      to: ['"tanaka..t."@docomo.example', 'sato@customer.example', 'hidden@customer.example'],
    });
    expect(taken!.source.toString()).not.toContain('hidden@');
    const given: Buffer[] = [];
    for await (const chunk of mail.source()) given.push(chunk as Buffer);
    expect(taken!.source.toString().trimEnd()).toBe(Buffer.concat(given).toString().trimEnd());
    expect(committed).toBe(1);
  });

  it.each<[Conduct, unknown]>([
    ['cut_at_connect', unavailable('connection_lost')],
    ['silence_at_connect', unavailable('timeout')],
    ['cut_at_mail', unavailable('connection_lost')],
    ['cut_at_rcpt', unavailable('connection_lost')],
    ['silence_at_rcpt', unavailable('timeout')],
    ['cut_at_data', unavailable('connection_lost')],
    ['refuse_connection', unavailable('server_refuses')],
    ['refuse_hello', unavailable('server_refuses')],
    ['refuse_starttls', unavailable('server_refuses')],
    ['want_login', unavailable('server_refuses')],
    ['take_no_mail', unavailable('server_refuses')],
    ['defer_sender', unavailable('deferred_by_policy')],
    ['refuse_sender', { kind: 'not_sent', refused: [], failure: { kind: 'Rejected', code: 'sender_refused' } }],
    ['refuse_data', { kind: 'not_sent', refused: [], failure: { kind: 'Rejected', code: 'message_refused' } }],
  ])('%s: nobody got it, the gate was never asked', async (conduct, outcome) => {
    expect(await sendTo(conduct)).toEqual(outcome);
    expect(committed).toBe(0);
    expect(receiver.taken).toEqual([]);
  });

  it.each<[Conduct, number, unknown]>([
    ['refuse_recipients', 550, { kind: 'Rejected', code: 'recipients_refused' }],
    ['defer_recipients', 450, { kind: 'Unavailable', detail: 'deferred' }],
  ])('%s: says which recipients, and why', async (conduct, reply, failure) => {
    const status = reply === 550 ? '5.1.1' : '4.2.1';
    const refused = [0, 1, 2].map((recipient) => ({ recipient, reply, status, temporary: reply < 500 }));
    expect(await sendTo(conduct)).toEqual({ kind: 'not_sent', failure, refused });
    expect(committed).toBe(0);
  });

  it.each([
    ['552 too many recipients', null, true, { kind: 'Unavailable', detail: 'deferred' }],
    ['552 5.2.2 mailbox full', '5.2.2', false, { kind: 'Rejected', code: 'recipients_refused' }],
    ['552 5.3.4 too large', '5.3.4', false, { kind: 'Rejected', code: 'message_too_large' }],
  ])('%s, said to recipients: is about them, and about the size where it says so', async (answer, ...meaning) => {
    const [status, temporary, failure] = meaning;
    receiver.answerToRecipients = answer;
    const refused = [0, 1, 2].map((recipient) => ({ recipient, reply: 552, status, temporary }));
    expect(await sendTo('accept')).toEqual({ kind: 'not_sent', failure, refused });
    expect(committed).toBe(0);
  });

  it.each<[Conduct, number, string]>([
    ['refuse_first_recipient', 550, '5.1.1'],
    ['defer_first_recipient', 450, '4.2.1'],
  ])('%s: the others get it, and the one is named', async (conduct, reply, status) => {
    expect(await sendTo(conduct)).toEqual({
      kind: 'accepted',
      refused: [{ recipient: 0, reply, status, temporary: reply < 500 }],
      sentAs: null,
    });
    expect(receiver.taken).toMatchObject([{ to: ['sato@customer.example', 'hidden@customer.example'] }]);
  });

  it.each<[Conduct, unknown]>([
    ['refuse_mail', { kind: 'Rejected', code: 'message_refused' }],
    ['defer_mail', { kind: 'Unavailable', detail: 'deferred' }],
  ])('%s after the end of the mail is certain too', async (conduct, failure) => {
    expect(await sendTo(conduct)).toEqual({ kind: 'not_sent', failure, refused: [] });
    expect(committed).toBe(1);
  });

  it.each<[Conduct, number]>([
    ['take_then_cut', 1],
    ['drop_then_cut', 0],
    ['take_then_silence', 1],
  ])('%s: only the server knows, and it is not asked twice', async (conduct, taken) => {
    expect(await sendTo(conduct)).toEqual({ kind: 'uncertain', detail: 'no_answer_after_data' });
    expect(receiver.taken).toHaveLength(taken);
    expect(receiver.connections).toBe(1);
  });

  it('cut_in_data, before the end of the mail: nobody got it', async () => {
    receiver.conduct = 'cut_in_data';
    const slowCommit: Commit = async () => sleep(100);
    expect(await sender.send(await aMail(), slowCommit, never)).toEqual(unavailable('connection_lost'));
    expect(receiver.taken).toEqual([]);
  });

  it('does not end the mail when the commit is refused', async () => {
    const refuse: Commit = async () => {
      throw new Error('Somebody else has it.');
    };
    expect(await sender.send(await aMail(), refuse, never)).toMatchObject({ kind: 'not_sent' });
    await sleep(100);
    expect(receiver.taken).toEqual([]);
  });

  it('stops at once when the service ends before the commit, and nobody gets it', async () => {
    const ending = new AbortController();
    const slowCommit: Commit = async () => {
      ending.abort();
      await sleep(50);
    };
    expect(await sender.send(await aMail(), slowCommit, ending.signal)).toEqual(unavailable('aborted'));
    await sleep(150);
    expect(receiver.taken).toEqual([]);
    expect(await sender.send(await aMail(), commit, ending.signal)).toEqual(unavailable('aborted'));
  });

  it('waits for the answer to a mail already handed over when the service ends', async () => {
    const ending = new AbortController();
    receiver.conduct = 'slow';
    receiver.onStep = (step) => void (step === 'end' && ending.abort());
    expect(await sender.send(await aMail(), commit, ending.signal)).toMatchObject({ kind: 'accepted' });
  });

  it('uses one connection for mails in a row, and another after a failure', async () => {
    for (let n = 0; n < 3; n++) await sendTo('accept');
    expect(receiver.connections).toBe(1);
    sender.close();
    await sendTo('refuse_recipients');
    await sendTo('accept');
    expect(receiver.connections).toBe(3);
    expect(receiver.taken).toHaveLength(4);
  });

  it('a mail larger than the server announces is refused before it is sent', async () => {
    receiver.size = 100;
    expect(await sendTo('accept')).toMatchObject({ failure: { kind: 'Rejected', code: 'message_too_large' } });
  });

  it('says where reports about the mail go, and what they are to bring back', async () => {
    await sender.send({ ...(await aMail()), returnPath: 'bounces+tag@hrbc.example' }, commit, never);
    expect(receiver.taken[0]).toMatchObject({ from: 'bounces+tag@hrbc.example', envelopeId: 'mail-1' });
  });

  it('signs with DKIM when it has a key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const dkim = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const own = senderTo(receiver, { dkim });
    await own.send(await aMail(), commit, never);
    own.close();
    const [taken] = receiver.taken;
    expect(taken!.source.toString()).toMatch(
      /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=hrbc\.example;/,
    );
    expect(taken!.source.toString()).toContain('X-Hrbc-Mail-ID: mail-1');
  });

  it('cannot be asked what it has sent, and sends from every address', async () => {
    expect(await sender.findSent()).toEqual({ kind: 'unsearchable' });
    expect(await sender.checkFrom()).toEqual({ sendable: 'yes' });
  });
});
