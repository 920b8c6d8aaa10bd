import { type FaultEffect, gmailErrorBody, gmailRefusals } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  exactlyOnceThrough,
  IS_SOAK,
  ROUNDS,
  ROUNDS_TIMEOUT_MS,
  type RouteUnderTest,
} from '../support/exactly-once.js';
import {
  COMPANY_APP,
  registerGmail,
  type ServiceWithGoogle,
  signIn,
  startWithGoogle,
} from '../support/google-steps.js';
import { saveDetails } from '../support/mailbox-steps.js';

const SEND = 'gmail.messages.send';
const AUTHORS = ['taro', 'misaki', 'jiro', 'saiyo'] as const;
const SATO = 'sato@customer.example';
const addressOf = (name: string): string => `${name}@sample.example`;

/** As many as the service sends at the same time for one mailbox. */
const MAILS_A_ROUND = 4;
const RIGHT: FaultEffect = { kind: 'slow', milliseconds: 0 };
const { accessNotConfigured } = gmailRefusals;
const refused: FaultEffect = {
  kind: 'answer',
  status: accessNotConfigured.status,
  body: gmailErrorBody(accessNotConfigured),
};
const CARRIED_OUT: readonly FaultEffect[] = [
  RIGHT,
  { kind: 'lost' },
  { kind: 'slow', milliseconds: 300 },
  { kind: 'cut' },
  { kind: 'malformed' },
];
/** Of what Gmail has not carried out when we are cut off, only two minutes of looking into 送信済み make sure. */
const NOT_CARRIED_OUT: readonly FaultEffect[] = [
  refused,
  { kind: 'answer', status: 401 },
  { kind: 'answer', status: 503 },
  { kind: 'answer', status: 500 },
];
const EFFECTS = IS_SOAK ? [...CARRIED_OUT, ...NOT_CARRIED_OUT, RIGHT] : CARRIED_OUT;

const seed = {
  clients: [{ ...COMPANY_APP, audience: 'internal', domain: 'sample.example' }],
  accounts: [...AUTHORS.map((name) => ({ email: addressOf(name), name })), { email: SATO, name: '佐藤' }],
} as const;

describe('by Gmail, whatever is killed or cut, and whenever', () => {
  let world: ServiceWithGoogle;

  beforeAll(async () => {
    world = await startWithGoogle(seed);
    const gmail = await registerGmail(await world.service.as({ userId: 'hanako', roles: ['admin'] }));
    for (const name of AUTHORS) {
      const user = await author(name);
      expect(await signIn(user, gmail, { as: addressOf(name) })).toBe('ok');
      await saveDetails(user, null, false);
    }
  });
  afterAll(async () => world?.stop());

  const author = (name: string) => world.service.as({ userId: name, email: addressOf(name) });

  const route = (): RouteUnderTest => {
    const { google, service } = world;
    let held = Promise.resolve();
    let mails = 0;
    let arrived = 0;
    let watched: { readonly place: string; readonly seen: () => void } | null = null;
    google.onStep = async (operation, step) => {
      const place = operation === SEND ? step : operation === 'gmail.sendAs.list' ? 'checked' : null;
      if (place !== null && place === watched?.place) watched.seen();
      if (place !== 'arrived') return;
      arrived += 1;
      await held;
    };
    return {
      service,
      recipients: [SATO],
      mailsARound: MAILS_A_ROUND,
      killAt: IS_SOAK ? ['done', 'arrived', 'queued', 'done', 'checked'] : ['done', 'queued'],
      author: (round) => author(AUTHORS[round % AUTHORS.length]!),
      hold: () => {
        google.faults.clear();
        const effects = EFFECTS.map((_, n) => EFFECTS[(mails + n) % EFFECTS.length]!);
        google.faults.add(...effects.map((effect) => ({ operation: SEND, effect, times: 1 })));
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
      calm: () => google.faults.clear(),
      copies: (id) => [
        world
          .mailbox(SATO)
          .all()
          .filter(({ raw }) => raw.includes(id)).length,
      ],
    };
  };

  it(
    `in ${ROUNDS} rounds nobody gets a mail twice, and none is lost without saying so`,
    async () => {
      const { states, triedAgain } = await exactlyOnceThrough(route());
      console.log(`Gmail, ${ROUNDS} rounds:`, states, `tried again: ${triedAgain}`);
      expect(states['accepted']).toBeGreaterThan(0);
      if (IS_SOAK) expect(triedAgain).toBeGreaterThan(0);
      // What was sent can be asked for, so nobody is left in doubt.
      expect(states['unknown'] ?? 0).toBe(0);
    },
    ROUNDS_TIMEOUT_MS,
  );
});
