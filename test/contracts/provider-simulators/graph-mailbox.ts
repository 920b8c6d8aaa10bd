import { type MicrosoftSimulator, type SimulatedMailbox } from '@libs/provider-simulators';
import { type GraphEndpoint } from '../../../src/gateways/graph/graph-connection.js';
import { GraphMailReader } from '../../../src/gateways/graph/graph-mail-reader.js';
import { READING_PATIENCE } from '../../../src/gateways/graph/graph-retry.js';
import { RequestLanes } from '../../../src/gateways/graph/request-lanes.js';
import { type Cursor, type MailBatch } from '../../../src/gateways/mail-reader.port.js';
import { type AccessTokens } from '../../../src/gateways/oauth-account.js';
import { defaultReaderLimits, type ReaderLimits } from '../../../src/gateways/reader-limits.js';
import { CLIENT_ID } from './microsoft-world.js';

export const READING = ['User.Read', 'Mail.Read', 'Mail.Send', 'offline_access'];
export const SINCE = new Date('2024-03-01T00:00:00+09:00');

/** A mail with a subject, received so many seconds after the day from which mail is wanted. */
export function mailOf(subject: string, secondsAfter: number, body = 'Hello'): { source: Buffer; receivedAt: Date } {
  const receivedAt = new Date(SINCE.getTime() + secondsAfter * 1_000);
  const source = Buffer.from(
    [
      'From: Alice <alice@example.com>',
      `Subject: ${subject}`,
      `Date: ${receivedAt.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${subject.replaceAll(' ', '.')}@example.com>`,
      'Content-Type: text/plain; charset=UTF-8',
      '',
      `${body}\r\n`,
    ].join('\r\n'),
  );
  return { source, receivedAt };
}

/** A person's mailbox, and readers for it, as tests of reading want them. */
export class GraphMailbox {
  readonly mailbox: SimulatedMailbox;
  readonly endpoint: GraphEndpoint;
  /** What is "on the record": whatever `take` has seen, by locator. */
  readonly known = new Set<string>();

  constructor(
    readonly simulator: MicrosoftSimulator,
    readonly name: string,
    readonly scopes: readonly string[] = READING,
  ) {
    this.mailbox = simulator.mailbox(name);
    this.endpoint = {
      url: simulator.url,
      lanes: new RequestLanes(),
      patience: { ...READING_PATIENCE, firstPauseMs: 10 },
    };
  }

  get tokens(): AccessTokens {
    const { id } = this.simulator.account(this.name);
    const issue = async () =>
      this.simulator.desk.grant({ clientId: CLIENT_ID, accountId: id, scopes: this.scopes }).accessToken;
    const first = issue();
    return { current: () => first, renewed: issue };
  }

  deliver(subject: string, secondsAfter: number, folder?: string): string {
    const { source, receivedAt } = mailOf(subject, secondsAfter);
    return this.mailbox.deliver(source, receivedAt, folder);
  }

  reader(limits: Partial<ReaderLimits> = {}): GraphMailReader {
    const account = {
      protocol: 'graph' as const,
      mailbox: `tenant/${this.simulator.account(this.name).id}`,
      tokens: this.tokens,
      known: async (locators: readonly string[]) => new Set(locators.filter((locator) => this.known.has(locator))),
    };
    return new GraphMailReader(account, this.endpoint, { ...defaultReaderLimits, ...limits });
  }

  /** A whole pass; what it yields is on the record afterwards. */
  async take(cursor: Cursor | null = null, limits: Partial<ReaderLimits> = {}, since = SINCE): Promise<MailBatch[]> {
    const batches: MailBatch[] = [];
    const signal = new AbortController().signal;
    for await (const batch of this.reader(limits).changesSince({ cursor, since, signal })) {
      batches.push(batch);
      for (const { locator } of batch.mails) this.known.add(locator);
    }
    return batches;
  }
}

export const lastCursor = (batches: readonly MailBatch[]): Cursor => {
  const cursor = batches.at(-1)?.cursor;
  if (!cursor) throw new Error('The pass yielded no batch.');
  return JSON.parse(JSON.stringify(cursor)) as Cursor;
};

export const subjects = (batches: readonly MailBatch[]): string[] =>
  batches.flatMap(({ mails }) =>
    mails.map(({ source }) => /^Subject: (.*)$/m.exec(source.toString('latin1'))?.[1]?.trim() ?? ''),
  );
