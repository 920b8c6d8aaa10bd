import { type FaultEffect, graphFaults } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  exactlyOnceThrough,
  IS_SOAK,
  ROUNDS,
  ROUNDS_TIMEOUT_MS,
  type RouteUnderTest,
} from '../support/exactly-once.js';
import { saveDetails } from '../support/mailbox-steps.js';
import {
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';

const SEND = 'graph.sendMail';
const AUTHORS = ['taro', 'jiro'] as const;
const MISAKI = 'misaki@sample.example';

/** Graph takes four requests at a time for one mailbox; where all mails of a round wait there, receiving needs one. */
const MAILS_A_ROUND = IS_SOAK ? 4 : 3;
const RIGHT: FaultEffect = { kind: 'slow', milliseconds: 0 };
const CARRIED_OUT: readonly FaultEffect[] = [RIGHT, { kind: 'lost' }, { kind: 'slow', milliseconds: 300 }, RIGHT];
/** Of what Graph has not carried out when we are cut off, only two minutes of looking into Sent Items make sure. */
const NOT_CARRIED_OUT: readonly FaultEffect[] = [
  graphFaults.refused(400, 'ErrorInvalidRecipients'),
  { kind: 'answer', status: 401 },
  { kind: 'answer', status: 504 },
  { kind: 'answer', status: 503, headers: { 'retry-after': '1' } },
];
const EFFECTS = IS_SOAK ? [...CARRIED_OUT, ...NOT_CARRIED_OUT, RIGHT] : CARRIED_OUT;

describe('by Office365, whatever is killed or cut, and whenever', () => {
  let world: ServiceWithMicrosoft;

  beforeAll(async () => {
    world = await startWithMicrosoft();
    const office365 = await registerOffice365(await world.service.as({ userId: 'hanako', roles: ['admin'] }));
    for (const name of AUTHORS) {
      const user = await author(name);
      expect(await signIn(world, user, office365, { as: `${name}@sample.example` })).toBe('ok');
      await saveDetails(user, null, false);
    }
  });
  afterAll(async () => world?.stop());

  const author = (name: string) => world.service.as({ userId: name, email: `${name}@sample.example` });

  const route = (): RouteUnderTest => {
    const { microsoft, service } = world;
    let held = Promise.resolve();
    let mails = 0;
    let arrived = 0;
    let watched: { readonly place: string; readonly seen: () => void } | null = null;
    microsoft.onStep = async (operation, step) => {
      const place = operation === 'graph.sentItems.list' ? 'search' : operation === SEND ? step : null;
      if (place !== null && place === watched?.place) watched.seen();
      if (place !== 'arrived') return;
      arrived += 1;
      await held;
    };
    return {
      service,
      recipients: [MISAKI],
      mailsARound: MAILS_A_ROUND,
      killAt: IS_SOAK ? ['done', 'arrived', 'queued', 'done', 'search'] : ['done', 'queued'],
      author: (round) => author(AUTHORS[round % AUTHORS.length]!),
      hold: () => {
        microsoft.faults.clear();
        const effects = EFFECTS.map((_, n) => EFFECTS[(mails + n) % EFFECTS.length]!);
        microsoft.faults.add(...effects.map((effect) => ({ operation: SEND, effect, times: 1 })));
        mails += MAILS_A_ROUND;
        arrived = 0;
        const { promise, resolve } = Promise.withResolvers<void>();
        held = promise;
        return resolve;
      },
      gathered: async () => {
        await eventually(
          async () => arrived,
          (count) => count >= MAILS_A_ROUND,
        );
      },
      watch: (place, seen) => {
        watched = place === null ? null : { place, seen };
      },
      calm: () => microsoft.faults.clear(),
      copies: (id) => [
        world
          .mailbox(MISAKI)
          .inFolder('inbox')
          .filter(({ source }) => source.includes(id)).length,
      ],
    };
  };

  it(
    `in ${ROUNDS} rounds nobody gets a mail twice, and none is lost without saying so`,
    async () => {
      const { states, triedAgain } = await exactlyOnceThrough(route());
      console.log(`Office365, ${ROUNDS} rounds:`, states, `tried again: ${triedAgain}`);
      expect(states['accepted']).toBeGreaterThan(0);
      if (IS_SOAK) expect(triedAgain).toBeGreaterThan(0);
      // Sent Items can be asked, so nobody is left in doubt.
      expect(states['unknown'] ?? 0).toBe(0);
    },
    ROUNDS_TIMEOUT_MS,
  );
});
