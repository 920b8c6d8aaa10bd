import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { invitation, submit, taro, untilState } from '../support/outbox-steps.js';
import { TestService } from '../support/service.js';
import { SmtpReceiver } from '../support/smtp-receiver.js';

describe('An HRBC server that takes less than others', () => {
  let server: SmtpReceiver;
  let service: TestService;
  let user: ApiClient;

  beforeAll(async () => {
    server = await SmtpReceiver.start();
    // What a Postfix takes whose message_size_limit nobody has set.
    server.size = 10_240_000;
    service = await TestService.start({ SMTP_URL: server.url() });
    user = await service.as(taro);
  });
  afterAll(async () => {
    await service?.remove();
    await server?.close();
  });

  const withFileOf = (bytes: number) => ({
    ...invitation,
    attachments: [{ name: 'a.bin', contentBase64: Buffer.alloc(bytes, 7).toString('base64') }],
  });

  it('has its limit named before the first mail is sent', async () => {
    const { body } = await user.post('/outbox/messages', withFileOf(11_000_000));
    expect(body).toMatchObject({ status: 422, code: 'message_too_large' });
    expect(body.detail).toContain('9.7 MB');
    expect(server.taken).toEqual([]);
  });

  it('gets what it takes', async () => {
    await untilState(user, await submit(user, withFileOf(6_000_000)), 'accepted');
  });
});
