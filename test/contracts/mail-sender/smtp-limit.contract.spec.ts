import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SmtpMailSender } from '../../../src/gateways/smtp/smtp-mail-sender.js';
import { parseSmtpUrl } from '../../../src/gateways/smtp/smtp-server-address.js';
import { SmtpReceiver } from '../../support/smtp-receiver.js';

const USUAL = 25 * 1024 * 1024;
const POSTFIX = 10_240_000;

let receiver: SmtpReceiver;
let sender: SmtpMailSender;

beforeEach(async () => {
  receiver = await SmtpReceiver.start();
  sender = new SmtpMailSender({ server: parseSmtpUrl(receiver.url('connectionTimeoutSeconds=1')), dkim: null });
});
afterEach(async () => {
  vi.restoreAllMocks();
  sender.close();
  await receiver.close();
});

/** Moves the clock that the sender reads, and no timer. */
function minutesPass(minutes: number): void {
  const now = Date.now() + minutes * 60_000;
  vi.spyOn(Date, 'now').mockImplementation(() => now);
}

describe('the largest mail that a server takes', () => {
  it.each([
    ['less than usual', POSTFIX, POSTFIX],
    ['more than usual', 50_000_000, USUAL],
    ['that there is no limit', 0, USUAL],
    ['nothing', null, USUAL],
  ])('is known before any is sent, where it announces %s', async (_what, announced, limit) => {
    receiver.size = announced;
    expect(await sender.maxMessageBytes()).toBe(limit);
  });

  it('is asked for once, by however many at once, and then again after a while', async () => {
    receiver.size = POSTFIX;
    await Promise.all([sender.maxMessageBytes(), sender.maxMessageBytes()]);
    receiver.size = 20_000_000;
    expect(await sender.maxMessageBytes()).toBe(POSTFIX);
    expect(receiver.connections).toBe(1);
    minutesPass(11);
    expect(await sender.maxMessageBytes()).toBe(20_000_000);
    expect(receiver.connections).toBe(2);
  });

  it.each(['cut_at_connect', 'silence_at_connect', 'refuse_connection', 'refuse_hello'] as const)(
    'is the usual one where the server does not answer (%s), which is not asked again at once',
    async (conduct) => {
      receiver.size = POSTFIX;
      receiver.conduct = conduct;
      expect(await sender.maxMessageBytes()).toBe(USUAL);
      receiver.conduct = 'accept';
      expect(await sender.maxMessageBytes()).toBe(USUAL);
      expect(receiver.connections).toBe(1);
      minutesPass(2);
      expect(await sender.maxMessageBytes()).toBe(POSTFIX);
    },
  );

  it('is waited for no longer than somebody waits for a page', async () => {
    receiver.conduct = 'silence_at_connect';
    const patient = new SmtpMailSender({ server: parseSmtpUrl(receiver.url()), dkim: null });
    const began = performance.now();
    expect(await patient.maxMessageBytes()).toBe(USUAL);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('stays what it was while the server does not answer', async () => {
    receiver.size = POSTFIX;
    await sender.maxMessageBytes();
    receiver.conduct = 'cut_at_connect';
    minutesPass(11);
    expect(await sender.maxMessageBytes()).toBe(POSTFIX);
  });
});
