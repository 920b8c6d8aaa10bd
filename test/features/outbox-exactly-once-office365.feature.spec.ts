import { type FaultEffect, graphFaults, type TenantSeed } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { IS_SOAK } from '../support/exactly-once.js';
import { itSendsExactlyOnce, underFire } from '../support/exactly-once-provider.js';
import { saveDetails } from '../support/mailbox-steps.js';
import {
  HRBC_APP,
  registerOffice365,
  SAMPLE_TENANT,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';

const SEND = 'graph.sendMail';
/** Mails of earlier rounds that wait for a held Graph keep their author's next ones waiting, so a soak has more of them. */
const AUTHORS = Array.from({ length: IS_SOAK ? 8 : 2 }, (_, n) => `author${n}`);
const MISAKI = 'misaki@sample.example';

/** Graph takes four requests at a time for one mailbox; where all mails of a round wait there, receiving needs one. */
const MAILS_A_ROUND = IS_SOAK ? 4 : 3;
const RIGHT: FaultEffect = { kind: 'slow', milliseconds: 0 };
const CARRIED_OUT: readonly FaultEffect[] = [RIGHT, { kind: 'lost' }, { kind: 'slow', milliseconds: 300 }, RIGHT];
/** Of what Graph has not carried out when we are cut off, only three minutes of looking into Sent Items make sure. */
const NOT_CARRIED_OUT: readonly FaultEffect[] = [
  graphFaults.refused(400, 'ErrorInvalidRecipients'),
  graphFaults.throttled(1),
  { kind: 'answer', status: 401 },
  { kind: 'answer', status: 504 },
  { kind: 'answer', status: 503, headers: { 'retry-after': '1' } },
];
const EFFECTS = IS_SOAK ? [...CARRIED_OUT, ...NOT_CARRIED_OUT, RIGHT] : CARRIED_OUT;

/** The sample organisation with these people. */
const sampleOf = (names: readonly string[]): TenantSeed => ({
  id: SAMPLE_TENANT,
  name: 'Sample',
  users: names.map((name, n) => ({
    id: `bbbbbbbb-0000-4000-8000-${String(n).padStart(12, '0')}`,
    userPrincipalName: `${name}@sample.example`,
    displayName: name,
  })),
});

describe('by Office365, whatever is killed or cut, and whenever', () => {
  let world: ServiceWithMicrosoft;

  beforeAll(async () => {
    world = await startWithMicrosoft({}, 1, { apps: [HRBC_APP], tenants: [sampleOf([...AUTHORS, 'misaki'])] });
    const office365 = await registerOffice365(await world.service.as({ userId: 'hanako', roles: ['admin'] }));
    for (const name of AUTHORS) {
      const user = await author(name);
      expect(await signIn(world, user, office365, { as: `${name}@sample.example` })).toBe('ok');
      await saveDetails(user, null, false);
    }
  });
  afterAll(async () => world?.stop());

  const author = (name: string) => world.service.as({ userId: name, email: `${name}@sample.example` });

  itSendsExactlyOnce('Office365', () => {
    const { microsoft: simulator, service } = world;
    return {
      ...underFire({
        simulator,
        send: SEND,
        also: { operation: 'graph.sentItems.list', place: 'search' },
        effects: EFFECTS,
        mailsARound: MAILS_A_ROUND,
      }),
      service,
      recipients: [MISAKI],
      author: (round) => author(AUTHORS[round % AUTHORS.length]!),
      copies: (id) => [
        world
          .mailbox(MISAKI)
          .inFolder('inbox')
          .filter(({ source }) => source.includes(id)).length,
      ],
    };
  });
});
