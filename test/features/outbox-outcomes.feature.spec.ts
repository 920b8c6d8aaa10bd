import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  invitation,
  outboxStory,
  sentMail,
  submit,
  taro,
  untilPostponed,
  untilState,
} from '../support/outbox-steps.js';

const auditor = { userId: 'hanako', roles: ['auditor'] } as const;

describe('a mail that HRBC’s own mail server does not simply take', () => {
  const story = outboxStory();

  it('refused by all recipients: failed, with the reason for each, and can be sent again by its author', async () => {
    story.server.conduct = 'refuse_recipients';
    const id = await submit(story.user, { ...invitation, cc: ['sato@customer.example'] });
    const mail = await untilState(story.user, id, 'failed');
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
    story.server.conduct = 'accept';
    expect((await story.user.post(`/outbox/messages/${id}/retry`)).status).toBe(202);
    expect(await untilState(story.user, id, 'accepted')).toMatchObject({
      attempts: [{ outcome: 'failed' }, { outcome: 'accepted' }],
    });
    await story.received(id);
    expect((await story.user.post(`/outbox/messages/${id}/retry`)).body).toMatchObject({
      status: 409,
      code: 'mail_not_failed',
    });
  });

  it('failed, is not sent again from an address that was taken from its author since (R42)', async () => {
    story.server.conduct = 'refuse_recipients';
    const id = await submit(story.user, { ...invitation, from: taro.additional_address_1 });
    await untilState(story.user, id, 'failed');
    story.server.conduct = 'accept';
    const now = await story.service.as({ ...taro, additional_address_1: 'jinji@sample.example' });
    const { body } = await now.post(`/outbox/messages/${id}/retry`);
    expect(body).toMatchObject({ status: 422, code: 'from_not_allowed' });
    expect(body.detail).toContain('jinji@sample.example');
    expect(await sentMail(now, id)).toMatchObject({ state: 'failed' });
    expect((await story.user.post(`/outbox/messages/${id}/retry`)).status).toBe(202);
    expect((await story.received(id)).from).toBe(taro.additional_address_1);
  });

  it('refused by some recipients: accepted, and who did not get it is named', async () => {
    story.server.conduct = 'refuse_first_recipient';
    const id = await submit(story.user, { ...invitation, cc: ['sato@customer.example'] });
    expect(await untilState(story.user, id, 'accepted')).toMatchObject({
      attempts: [
        { outcome: 'accepted', refused: [{ address: 'tanaka..t.@docomo.example', code: 'recipient_refused' }] },
      ],
    });
    expect((await story.received(id)).to).toEqual(['sato@customer.example']);
  });

  it('not yet taken for one recipient: tried again for that one only, and the others get it once', async () => {
    story.server.once('defer_first_recipient');
    const id = await submit(story.user, {
      ...invitation,
      cc: ['sato@customer.example'],
      bcc: ['hidden@customer.example'],
    });
    await eventually(
      () => sentMail(story.user, id),
      ({ attempts }) => attempts[0]?.outcome === 'partly_accepted',
    );
    expect((await story.user.delete(`/outbox/messages/${id}`)).body).toMatchObject({
      status: 409,
      code: 'mail_partly_sent',
    });
    expect(await untilState(story.user, id, 'accepted')).toMatchObject({
      attempts: [
        {
          outcome: 'partly_accepted',
          refused: [{ address: 'tanaka..t.@docomo.example', code: 'recipient_deferred', reply: 450 }],
        },
        { outcome: 'accepted', refused: [] },
      ],
    });
    const taken = story.server.taken.filter(({ source }) => source.includes(id));
    expect(taken.map(({ to }) => to)).toEqual([
      ['sato@customer.example', 'hidden@customer.example'],
      ['"tanaka..t."@docomo.example'],
    ]);
    expect(taken.every(({ source }) => !source.includes('hidden@'))).toBe(true);
  });

  it('greylisted: tried again by itself, and sent once', async () => {
    story.server.once('defer_sender');
    const id = await submit(story.user, invitation);
    const waiting = await untilPostponed(story.user, id);
    expect(waiting).toMatchObject({ state: 'queued', attempts: [{ code: 'sending_deferred' }] });
    expect(waiting.retryAt).not.toBeNull();
    expect(await untilState(story.user, id, 'accepted')).toMatchObject({
      attempts: [{ outcome: 'postponed' }, { outcome: 'accepted' }],
    });
    await story.received(id);
  });

  it('taken back while it waits, and then never sent', async () => {
    story.server.conduct = 'cut_at_connect';
    const id = await submit(story.user, invitation);
    await untilPostponed(story.user, id);
    const { headers } = await story.user.get(`/outbox/messages/${id}`);
    expect((await story.user.delete(`/outbox/messages/${id}`, { headers: { 'if-match': '"0"' } })).status).toBe(412);
    expect(
      (await story.user.delete(`/outbox/messages/${id}`, { headers: { 'if-match': headers.get('etag')! } })).status,
    ).toBe(204);
    expect(await sentMail(story.user, id)).toMatchObject({ state: 'cancelled', retryAt: null });
    story.server.conduct = 'accept';
    const after = await submit(story.user, { ...invitation, subject: 'after' });
    await untilState(story.user, after, 'accepted');
    expect((await story.user.delete(`/outbox/messages/${after}`)).body).toMatchObject({
      status: 409,
      code: 'mail_not_queued',
    });
    expect(await sentMail(story.user, id)).toMatchObject({ state: 'cancelled' });
    expect(story.server.taken.filter(({ source }) => source.includes(id))).toEqual([]);
  });

  it.each(['take_then_cut', 'drop_then_cut', 'take_then_silence'] as const)(
    '%s: unknown, never repeated, until a person has decided',
    async (conduct) => {
      story.server.conduct = conduct;
      const id = await submit(story.user, invitation);
      expect(await untilState(story.user, id, 'unknown')).toMatchObject({
        attempts: [{ outcome: 'unknown', code: 'sending_outcome_unknown' }],
      });
      story.server.conduct = 'accept';
      expect((await story.user.post(`/outbox/messages/${id}/retry`)).body).toMatchObject({ code: 'mail_not_failed' });
      const arrived = story.server.taken.some(({ source }): boolean => source.includes(id));
      expect((await story.user.post(`/outbox/messages/${id}/outcome`, { sent: arrived })).body).toMatchObject({
        state: arrived ? 'accepted' : 'failed',
      });
      if (!arrived) expect((await story.user.post(`/outbox/messages/${id}/retry`)).status).toBe(202);
      await untilState(story.user, id, 'accepted');
      await story.received(id);
      expect((await story.user.post(`/outbox/messages/${id}/outcome`, { sent: true })).body).toMatchObject({
        code: 'mail_outcome_known',
      });
    },
  );

  it('puts every decision on the record, and no word of any mail', async () => {
    const record = await story.service.as(auditor);
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
      expect(story.service.log).not.toContain(word);
    }
  });
});
