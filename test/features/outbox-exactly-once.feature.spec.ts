import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exactlyOnceThrough, ROUNDS, ROUNDS_TIMEOUT_MS, type RouteUnderTest } from '../support/exactly-once.js';
import { TestService } from '../support/service.js';
import { type Conduct, SmtpReceiver } from '../support/smtp-receiver.js';

/** What the server does with the mails of a round, one after the other, and so on again. */
const CONDUCTS: readonly Conduct[] = [
  'accept',
  'cut_in_data',
  'accept',
  'take_then_cut',
  'accept',
  'defer_mail',
  'slow',
  'drop_then_cut',
  'defer_first_recipient',
  'cut_at_data',
  'accept',
  'defer_recipients',
  'cut_at_rcpt',
  'take_then_silence',
  'refuse_mail',
  'defer_sender',
  'cut_at_mail',
  'refuse_first_recipient',
];

describe('by HRBC’s server, whatever is killed or cut, and whenever', () => {
  let server: SmtpReceiver;
  let service: TestService;

  beforeAll(async () => {
    server = await SmtpReceiver.start();
    service = await TestService.start({ SMTP_URL: server.url('socketTimeoutSeconds=2&connectionTimeoutSeconds=2') });
  });
  afterAll(async () => {
    await service?.remove();
    await server?.close();
  });

  const route = (): RouteUnderTest => {
    let mails = 0;
    const recipients = ['sato@customer.example', 'ito@customer.example'];
    server.conductOfMail = () => CONDUCTS[mails++ % CONDUCTS.length]!;
    return {
      service,
      recipients,
      mailsARound: 6,
      killAt: ['end', 'data', 'queued', 'end', 'rcpt', 'end', 'mail'],
      // A company each, so that none of them has to wait for its turn (CompanyPace).
      author: (round) => service.as({ userId: 'taro', company: `company${round}`, email: `taro@c${round}.example` }),
      hold: () => server.hold(),
      watch: (place, seen) => {
        server.onStep = (step) => void (step === place && seen());
      },
      calm: () => {
        server.conductOfMail = () => 'accept';
      },
      copies: (id) => {
        const taken = server.taken.filter(({ source }) => source.includes(id));
        return recipients.map((recipient) => taken.filter(({ to }) => to.includes(recipient)).length);
      },
    };
  };

  it(
    `in ${ROUNDS} rounds nobody gets a mail twice, and none is lost without saying so`,
    async () => {
      const { states, triedAgain } = await exactlyOnceThrough(route());
      console.log(`HRBC's server, ${ROUNDS} rounds:`, states, `tried again: ${triedAgain}`);
      // The rounds have to have met something.
      expect(states['accepted']).toBeGreaterThan(0);
      expect(states['unknown']).toBeGreaterThan(0);
      expect(triedAgain).toBeGreaterThan(0);
    },
    ROUNDS_TIMEOUT_MS,
  );

  it('and nothing moves any more once all is said', async () => {
    const taken = server.taken.length;
    await service.stop();
    await service.run();
    await sleep(1_500);
    expect(server.taken).toHaveLength(taken);
  });
});
