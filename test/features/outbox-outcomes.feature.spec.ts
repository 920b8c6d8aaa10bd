import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import {
  invitation,
  received as receivedBy,
  sentMail,
  submit,
  taro,
  untilPostponed,
  untilState,
} from '../support/outbox-steps.js';
import { TestService } from '../support/service.js';
import { SmtpReceiver } from '../support/smtp-receiver.js';

const auditor = { userId: 'hanako', roles: ['auditor'] } as const;

describe('a mail that HRBC’s own mail server does not simply take', () => {
  let server: SmtpReceiver;
  let service: TestService;
  let user: ApiClient;

  beforeAll(async () => {
    server = await SmtpReceiver.start();
    service = await TestService.start({ SMTP_URL: server.url('socketTimeoutSeconds=2&connectionTimeoutSeconds=2') });
    user = await service.as(taro);
  });
  afterAll(async () => {
    await service?.remove();
    await server?.close();
  });
  beforeEach(() => {
    server.conduct = 'accept';
    server.taken.length = 0;
  });
  const received = (id: string) => receivedBy(server, id);

  it('refused by all recipients: failed, with the reason for each, and can be sent again by its author', async () => {
    server.conduct = 'refuse_recipients';
    const id = await submit(user, { ...invitation, cc: ['sato@customer.example'] });
    const mail = await untilState(user, id, 'failed');
    expect(mail.attempts).toMatchObject([
      {
        outcome: 'failed',
        code: 'sending_recipients_refused',
        refused: [
          { address: 'tanaka..t.@docomo.example', code: 'recipient_refused', reply: 550 },
          { address: 'sato@customer.example', code: 'recipient_refused', reply: 550 },
        ],
      },
    ]);
    expect(mail.attempts[0]!.detail).toContain('宛先');
    server.conduct = 'accept';
    expect((await user.post(`/outbox/messages/${id}/retry`)).status).toBe(202);
    expect(await untilState(user, id, 'accepted')).toMatchObject({
      attempts: [{ outcome: 'failed' }, { outcome: 'accepted' }],
    });
    await received(id);
    expect((await user.post(`/outbox/messages/${id}/retry`)).body).toMatchObject({
      status: 409,
      code: 'mail_not_failed',
    });
  });

  it('refused by some recipients: accepted, and who did not get it is named', async () => {
    server.conduct = 'refuse_first_recipient';
    const id = await submit(user, { ...invitation, cc: ['sato@customer.example'] });
    expect(await untilState(user, id, 'accepted')).toMatchObject({
      attempts: [
        { outcome: 'accepted', refused: [{ address: 'tanaka..t.@docomo.example', code: 'recipient_refused' }] },
      ],
    });
    expect((await received(id)).to).toEqual(['sato@customer.example']);
  });

  it('not yet taken for one recipient: tried again for that one only, and the others get it once', async () => {
    server.once('defer_first_recipient');
    const id = await submit(user, { ...invitation, cc: ['sato@customer.example'], bcc: ['hidden@customer.example'] });
    await eventually(
      () => sentMail(user, id),
      ({ attempts }) => attempts[0]?.outcome === 'partly_accepted',
    );
    expect((await user.delete(`/outbox/messages/${id}`)).body).toMatchObject({ status: 409, code: 'mail_partly_sent' });
    expect(await untilState(user, id, 'accepted')).toMatchObject({
      attempts: [
        {
          outcome: 'partly_accepted',
          refused: [{ address: 'tanaka..t.@docomo.example', code: 'recipient_deferred', reply: 450 }],
        },
        { outcome: 'accepted', refused: [] },
      ],
    });
    const taken = server.taken.filter(({ source }) => source.includes(id));
    expect(taken.map(({ to }) => to)).toEqual([
      ['sato@customer.example', 'hidden@customer.example'],
      ['"tanaka..t."@docomo.example'],
    ]);
    expect(taken.every(({ source }) => !source.includes('hidden@'))).toBe(true);
  });

  it('greylisted: tried again by itself, and sent once', async () => {
    server.once('defer_sender');
    const id = await submit(user, invitation);
    const waiting = await untilPostponed(user, id);
    expect(waiting).toMatchObject({ state: 'queued', attempts: [{ code: 'sending_deferred' }] });
    expect(waiting.retryAt).not.toBeNull();
    expect(await untilState(user, id, 'accepted')).toMatchObject({
      attempts: [{ outcome: 'postponed' }, { outcome: 'accepted' }],
    });
    await received(id);
  });

  it('taken back while it waits, and then never sent', async () => {
    server.conduct = 'cut_at_connect';
    const id = await submit(user, invitation);
    await untilPostponed(user, id);
    const { headers } = await user.get(`/outbox/messages/${id}`);
    expect((await user.delete(`/outbox/messages/${id}`, { headers: { 'if-match': '"0"' } })).status).toBe(412);
    expect(
      (await user.delete(`/outbox/messages/${id}`, { headers: { 'if-match': headers.get('etag')! } })).status,
    ).toBe(204);
    expect(await sentMail(user, id)).toMatchObject({ state: 'cancelled', retryAt: null });
    server.conduct = 'accept';
    const after = await submit(user, { ...invitation, subject: 'after' });
    await untilState(user, after, 'accepted');
    expect((await user.delete(`/outbox/messages/${after}`)).body).toMatchObject({
      status: 409,
      code: 'mail_not_queued',
    });
    expect(await sentMail(user, id)).toMatchObject({ state: 'cancelled' });
    expect(server.taken.filter(({ source }) => source.includes(id))).toEqual([]);
  });

  it.each(['take_then_cut', 'drop_then_cut', 'take_then_silence'] as const)(
    '%s: unknown, never repeated, until a person has decided',
    async (conduct) => {
      server.conduct = conduct;
      const id = await submit(user, invitation);
      expect(await untilState(user, id, 'unknown')).toMatchObject({
        attempts: [{ outcome: 'unknown', code: 'sending_outcome_unknown' }],
      });
      server.conduct = 'accept';
      expect((await user.post(`/outbox/messages/${id}/retry`)).body).toMatchObject({ code: 'mail_not_failed' });
      const arrived = server.taken.some(({ source }): boolean => source.includes(id));
      expect((await user.post(`/outbox/messages/${id}/outcome`, { sent: arrived })).body).toMatchObject({
        state: arrived ? 'accepted' : 'failed',
      });
      if (!arrived) expect((await user.post(`/outbox/messages/${id}/retry`)).status).toBe(202);
      await untilState(user, id, 'accepted');
      await received(id);
      expect((await user.post(`/outbox/messages/${id}/outcome`, { sent: true })).body).toMatchObject({
        code: 'mail_outcome_known',
      });
    },
  );

  it('puts every decision on the record, and no word of any mail', async () => {
    const record = await service.as(auditor);
    const { body } = await record.get('/audit/events?limit=200');
    const types = new Set(body.items.map(({ type }: { type: string }) => type));
    for (const type of [
      'MailQueued',
      'MailSendingStarted',
      'MailAccepted',
      'MailPostponed',
      'MailFailed',
      'MailOutcomeUnknown',
      'MailRetryRequested',
      'MailCancelled',
      'MailOutcomeDecided',
    ]) {
      expect(types).toContain(type);
    }
    const everything = JSON.stringify(body.items);
    for (const word of ['面談', 'よろしく', 'sato@customer', 'tanaka']) {
      expect(everything).not.toContain(word);
      expect(service.log).not.toContain(word);
    }
  });
});
