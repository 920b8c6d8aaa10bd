import { afterAll, beforeAll, describe } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { type GmailAccount } from '../../../src/gateways/gmail/gmail-account.js';
import { GmailMailFinder } from '../../../src/gateways/gmail/gmail-mail-finder.js';
import { NEW_PROJECT } from '../../../src/gateways/gmail/gmail-prices.js';
import { QuotaMeter } from '../../../src/gateways/gmail/quota-meter.js';
import { CLIENT, GmailTests } from '../mail-reader/gmail-mailbox.js';
import { describeMailFinder } from './mail-finder.suite.js';

const LABELS = { inbox: ['INBOX'], junk: ['SPAM'], trash: ['TRASH'], other: ['Label_1'], sent: ['SENT'] } as const;
const lost = async (): Promise<never> => {
  throw new GatewayError({ kind: 'AuthorizationLost', detail: 'simulated' });
};

describe('with the simulated Google', () => {
  let tests: GmailTests;
  beforeAll(async () => {
    tests = await GmailTests.start();
  });
  afterAll(async () => tests.close());

  describeMailFinder({
    title: 'MailFinder by gmail',
    hasFolders: true,
    mailbox: () => {
      const { address, mailbox } = tests.mailbox();
      const quota = new QuotaMeter(NEW_PROJECT, () => tests.clock.now());
      const issue = async (): Promise<string> => tests.google.grant(address, CLIENT).accessToken;
      const account: GmailAccount = {
        protocol: 'gmail',
        mailbox: address,
        tokens: { current: issue, renewed: issue },
        quota,
        known: async () => new Set(),
      };
      const endpoint = { url: tests.google.addresses.gmailUrl, clock: tests.clock };
      return {
        deliver: ({ source, receivedAt, place }) =>
          void mailbox.deliver(source, { internalDate: receivedAt, labelIds: LABELS[place] }),
        finder: new GmailMailFinder(account, endpoint),
        refused: new GmailMailFinder({ ...account, tokens: { current: lost, renewed: lost } }, endpoint),
        snapshot: () => mailbox.all().map(({ id, labelIds, historyId }) => [id, [...labelIds], historyId]),
      };
    },
  });
});
