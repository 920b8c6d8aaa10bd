import { type MicrosoftSimulator } from '@libs/provider-simulators';
import { afterEach, beforeEach, describe } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { GraphMailFinder } from '../../../src/gateways/graph/graph-mail-finder.js';
import { type AccessTokens } from '../../../src/gateways/oauth-account.js';
import { GraphMailbox } from '../provider-simulators/graph-mailbox.js';
import { startMicrosoft } from '../provider-simulators/microsoft-world.js';
import { describeMailFinder } from './mail-finder.suite.js';

const FOLDERS = {
  inbox: 'inbox',
  junk: 'junkemail',
  trash: 'deleteditems',
  other: '請求書',
  sent: 'sentitems',
} as const;
const lost = async (): Promise<never> => {
  throw new GatewayError({ kind: 'AuthorizationLost', detail: 'simulated' });
};
const noTokens: AccessTokens = { current: lost, renewed: lost };

describe('with the simulated Microsoft', () => {
  let simulator: MicrosoftSimulator;
  beforeEach(async () => {
    ({ simulator } = await startMicrosoft(7));
  });
  afterEach(async () => simulator.close());

  describeMailFinder({
    title: 'MailFinder by graph',
    hasFolders: true,
    mailbox: () => {
      const taro = new GraphMailbox(simulator, 'taro@sample.example');
      const finderBy = (tokens: AccessTokens) => new GraphMailFinder({ mailbox: 'tenant/taro', tokens }, taro.endpoint);
      return {
        deliver: ({ source, receivedAt, place }) => void taro.mailbox.deliver(source, receivedAt, FOLDERS[place]),
        finder: finderBy(taro.tokens),
        refused: finderBy(noTokens),
        snapshot: () => taro.mailbox.snapshot(),
      };
    },
  });
});
