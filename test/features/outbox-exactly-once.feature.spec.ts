import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentMail, submit, untilState } from '../support/outbox-steps.js';
import { TestService } from '../support/service.js';
import { type Conduct, SmtpReceiver, type Step } from '../support/smtp-receiver.js';

/** More rounds for a soak: OUTBOX_ROUNDS=200 vitest run --project features test/features/outbox-exactly-once */
const ROUNDS = Number(process.env['OUTBOX_ROUNDS'] ?? 5);
const MAILS_A_ROUND = 8;

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

/** When the service is killed: as soon as mails are queued, or when one has come so far at the server. */
const KILL_AT: readonly ('queued' | Step)[] = ['end', 'data', 'queued', 'end', 'rcpt', 'end', 'mail'];

interface Submitted {
  readonly id: string;
  readonly company: string;
}

describe('whatever is killed or cut, and whenever', () => {
  let server: SmtpReceiver;
  let service: TestService;
  const submitted: Submitted[] = [];

  beforeAll(async () => {
    server = await SmtpReceiver.start();
    service = await TestService.start({ SMTP_URL: server.url('socketTimeoutSeconds=2&connectionTimeoutSeconds=2') });
  });
  afterAll(async () => {
    await service?.remove();
    await server?.close();
  });

  const authorOf = (company: string) => service.as({ userId: 'taro', company, email: `taro@${company}.example` });

  /** Resolves when the service has been killed there, or, when the round does not get so far, wherever it is then. */
  const killedAt = async (place: Step, nth: number): Promise<void> => {
    let seen = 0;
    const { promise: there, resolve } = Promise.withResolvers<void>();
    server.onStep = (step) => {
      if (step !== place || ++seen !== nth) return;
      void service.kill();
      resolve();
    };
    await Promise.race([there, sleep(3_000)]);
    server.onStep = () => undefined;
    await service.kill();
  };

  it(
    `in ${ROUNDS} rounds no mail is sent twice, and none is lost without saying so`,
    async () => {
      let mails = 0;
      server.conductOfMail = () => CONDUCTS[mails++ % CONDUCTS.length]!;
      for (let round = 0; round < ROUNDS; round++) {
        const company = `company${round}`;
        const author = await authorOf(company);
        const place = KILL_AT[round % KILL_AT.length]!;
        const letGo = server.hold();
        for (let n = 0; n < MAILS_A_ROUND; n++) {
          const mail = { to: ['sato@customer.example', 'ito@customer.example'], subject: `${round}/${n}`, text: 'x' };
          submitted.push({ id: await submit(author, mail), company });
        }
        const killed = place === 'queued' ? null : killedAt(place, 1 + (round % 3));
        letGo();
        await (killed ?? service.kill());
        await service.run();
      }
      server.conductOfMail = () => 'accept';

      const states = new Map<string, number>();
      for (const { id, company } of submitted) {
        const { state } = await untilState(await authorOf(company), id, 'accepted', 'failed', 'unknown');
        const times = server.taken.filter(({ source }) => source.includes(id)).length;
        states.set(state, (states.get(state) ?? 0) + 1);
        expect(times, `${id} is ${state}`).toBeLessThanOrEqual(1);
        if (state === 'accepted') expect(times, `${id} is ${state}`).toBe(1);
        if (state === 'failed') expect(times, `${id} is ${state}`).toBe(0);
      }
      // The rounds have to have met something.
      expect(states.get('accepted')).toBeGreaterThan(0);
      expect(states.get('unknown')).toBeGreaterThan(0);
    },
    60_000 + ROUNDS * 30_000,
  );

  it('and nothing moves any more once all is said', async () => {
    const taken = server.taken.length;
    await service.stop();
    await service.run();
    for (const { id, company } of submitted.slice(0, 10)) {
      expect((await sentMail(await authorOf(company), id)).state).toMatch(/^(accepted|failed|unknown)$/);
    }
    await sleep(1_500);
    expect(server.taken).toHaveLength(taken);
  });
});
