import { type FaultEffect, gmailErrorBody, gmailRefusals } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { IS_SOAK } from '../support/exactly-once.js';
import { itSendsExactlyOnce, underFire } from '../support/exactly-once-provider.js';
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
/** Of what Gmail has not carried out when we are cut off, only three minutes of looking into 送信済み make sure. */
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

  itSendsExactlyOnce('Gmail', () => {
    const { google: simulator, service } = world;
    return {
      ...underFire({
        simulator,
        send: SEND,
        also: { operation: 'gmail.sendAs.list', place: 'checked' },
        effects: EFFECTS,
        mailsARound: MAILS_A_ROUND,
      }),
      service,
      recipients: [SATO],
      author: (round) => author(AUTHORS[round % AUTHORS.length]!),
      copies: (id) => [
        world
          .mailbox(SATO)
          .all()
          .filter(({ raw }) => raw.includes(id)).length,
      ],
    };
  });
});
