import { graphFaults } from '@libs/provider-simulators';
import { afterAll, describe, expect, it } from 'vitest';
import { generatedMail } from '../support/generated-mails.js';
import { allMails, importCompleted, saveDetails } from '../support/mailbox-steps.js';
import {
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';

const taro = { userId: 'taro', email: 'taro@sample.example', roles: ['admin'] } as const;
const COUNT = 10_000;
const first = Date.parse('2026-11-01T00:00:00+09:00');

describe('ten thousand mails from a Microsoft that fails at random', () => {
  let world: ServiceWithMicrosoft;
  afterAll(() => world?.stop());

  it('come in complete, once, and within its limits', async () => {
    world = await startWithMicrosoft({}, 42);
    const user = await world.service.as(taro);
    const mailbox = world.mailbox(taro.email);
    const mails = Array.from({ length: COUNT }, (_, n) => generatedMail(n, new Date(first + n * 1_000)));
    for (const { source, internalDate } of mails) mailbox.deliver(source, internalDate);
    const office365 = await registerOffice365(user);
    expect(await signIn(world, user, office365, { as: taro.email })).toBe('ok');
    world.microsoft.faults.add(
      { operation: 'graph.message*', effect: graphFaults.throttled(1), probability: 0.000_5 },
      { operation: 'graph.message*', effect: graphFaults.throttled(0), probability: 0.005 },
      { operation: 'graph.message*', effect: graphFaults.failing(503, 'serviceNotAvailable'), probability: 0.01 },
      { operation: 'graph.message*', effect: graphFaults.failing(500), probability: 0.005 },
      { operation: 'graph.message*', effect: { kind: 'cut' }, probability: 0.002 },
    );
    await saveDetails(user, '2026-11-01', true);

    expect(await importCompleted(user, 240_000)).toMatchObject({ found: COUNT, imported: COUNT, quarantined: 0 });
    const received = (await allMails(user)).map(({ subject }) => subject);
    expect(received).toEqual(mails.map(({ subject }) => subject).reverse());

    const asked = world.microsoft.requests.of('graph.*');
    expect(Math.max(...asked.map(({ atOnce }) => atOnce))).toBeLessThanOrEqual(4);
    const failures = asked.filter(({ status }) => status >= 400).length;
    expect(failures).toBeGreaterThan(100);
  }, 300_000);
});
