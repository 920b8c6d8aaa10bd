import { type GmailMailbox, type GmailMessage, GoogleSimulator, simulatorAuthority } from '@libs/provider-simulators';
import tls from 'node:tls';
import { type Clock } from '../../../src/gateways/gmail/gmail-account.js';
import { GmailMailReader } from '../../../src/gateways/gmail/gmail-mail-reader.js';
import { type GmailPrices, NEW_PROJECT } from '../../../src/gateways/gmail/gmail-prices.js';
import { QuotaMeter } from '../../../src/gateways/gmail/quota-meter.js';
import { defaultReaderLimits, type ReaderLimits } from '../../../src/gateways/reader-limits.js';
import { type SampleMail } from './sample-mails.js';

export const CLIENT = 'company-app.apps.googleusercontent.com';
const NOW = Date.parse('2024-06-01T00:00:00Z');

/** A clock that goes on only when somebody waits. */
export class TurnedClock implements Clock {
  #now = NOW;

  now(): number {
    return this.#now;
  }

  async pause(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }
}

export interface ReaderOptions {
  readonly limits?: Partial<ReaderLimits>;
  readonly known?: ReadonlySet<string>;
  readonly prices?: GmailPrices;
}

/** One Gmail mailbox of the simulator, with readers for it. */
export interface GmailUnderTest {
  readonly address: string;
  readonly mailbox: GmailMailbox;
  readonly deliver: (mail: SampleMail, labelIds?: readonly string[], threadOf?: string) => GmailMessage;
  readonly reader: (options?: ReaderOptions) => GmailMailReader;
}

/** The simulator on a turned clock, with as many mailboxes as are asked for. */
export class GmailTests {
  readonly clock = new TurnedClock();
  #used = 0;

  private constructor(
    readonly google: GoogleSimulator,
    clock: TurnedClock,
  ) {
    this.clock = clock;
  }

  static async start(): Promise<GmailTests> {
    const authority = await simulatorAuthority();
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
    const clock = new TurnedClock();
    const seed = { clients: [{ clientId: CLIENT, clientSecret: 'shh' }], accounts: [] };
    return new GmailTests(await GoogleSimulator.start({ seed, authority, now: () => clock.now() }), clock);
  }

  mailbox(): GmailUnderTest {
    const address = `user${++this.#used}@example.co.jp`;
    this.google.accounts.addAccount({ email: address, name: 'User' });
    const mailbox = this.google.mailbox(address);
    let meter: QuotaMeter | undefined;
    const readers = ({ limits, known = new Set(), prices = NEW_PROJECT }: ReaderOptions = {}): GmailMailReader => {
      meter ??= new QuotaMeter(prices, () => this.clock.now());
      const newToken = async () => this.google.grant(address, CLIENT).accessToken;
      let token: Promise<string> | undefined;
      const tokens = { current: async () => (token ??= newToken()), renewed: async () => (token = newToken()) };
      const account = {
        protocol: 'gmail' as const,
        mailbox: address,
        tokens,
        quota: meter,
        known: async (ids: readonly string[]) => new Set(ids.filter((id) => known.has(id))),
      };
      const endpoint = { url: this.google.addresses.gmailUrl, clock: this.clock };
      return new GmailMailReader(account, endpoint, { ...defaultReaderLimits, ...limits });
    };
    return {
      address,
      mailbox,
      deliver: ({ source, receivedAt }, labelIds, threadOf) =>
        mailbox.deliver(source, {
          internalDate: receivedAt,
          ...(labelIds && { labelIds }),
          ...(threadOf !== undefined && { threadOf }),
        }),
      reader: readers,
    };
  }

  async close(): Promise<void> {
    await this.google.close();
  }
}
