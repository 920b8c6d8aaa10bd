import { type Fault, type FaultPlan } from '../shared/fault-plan.js';
import { controlRoutes } from '../shared/control.routes.js';
import { type RequestLog } from '../shared/request-log.js';
import { type SimulatorAuthority } from '../shared/simulator-authority.js';
import { SimulatorServer } from '../shared/simulator-server.js';
import { READ, SEND } from './gmail-door.js';
import { GmailMailbox } from './gmail-mailbox.js';
import { GmailQuota } from './gmail-quota.js';
import { gmailReadRoutes } from './gmail-read.routes.js';
import { gmailSendRoutes } from './gmail-send.routes.js';
import { googleControlRoutes } from './google-control.routes.js';
import { GoogleAccounts } from './google-accounts.js';
import { googleAuthorizeRoutes } from './google-authorize.routes.js';
import { gmailErrorBody, gmailRefusals } from './google-error.js';
import { type GoogleSeed } from './google-seed.js';
import { GoogleTokenDesk, type IssuedTokens } from './google-token-desk.js';
import { googleTokenRoutes } from './google-token.routes.js';

export interface GoogleSimulatorOptions {
  readonly seed: GoogleSeed;
  readonly authority: SimulatorAuthority;
  /** Default: any free one. */
  readonly port?: number;
  /** Of the random numbers by which faults strike. */
  readonly randomSeed?: number;
  /** Milliseconds since 1970, by which quota and tokens run out; for tests that turn the clock. */
  readonly now?: () => number;
}

/**
 * Google's OAuth endpoints and the Gmail API, as far as HRBC Mail uses them, on https and loopback: for tests and the
 * sandbox, never for mail that matters. Everything is in memory. It keeps mailboxes, labels, history, grants and quota
 * as Google documents them; it does not verify addresses, filter spam, search words, push notifications, or count
 * bandwidth. What it does not know it refuses in Google's own form.
 */
export class GoogleSimulator {
  readonly accounts: GoogleAccounts;
  readonly desk: GoogleTokenDesk;
  readonly quota: GmailQuota;
  private readonly mailboxes = new Map<string, GmailMailbox>();

  private constructor(
    private readonly server: SimulatorServer,
    { seed, now = Date.now }: GoogleSimulatorOptions,
  ) {
    this.accounts = new GoogleAccounts(seed);
    this.desk = new GoogleTokenDesk(this.accounts, now);
    this.quota = new GmailQuota(now);
  }

  static async start(options: GoogleSimulatorOptions): Promise<GoogleSimulator> {
    const { authority, port, randomSeed, now = Date.now } = options;
    const server = await SimulatorServer.start({
      authority,
      ...(port !== undefined && { port }),
      ...(randomSeed !== undefined && { seed: randomSeed }),
    });
    const google = new GoogleSimulator(server, options);
    const { accounts, desk, quota } = google;
    const world = { accounts, desk, quota, mailbox: (email: string) => google.mailbox(email) };
    server.add(
      ...controlRoutes(server),
      ...googleControlRoutes(google),
      ...googleAuthorizeRoutes(accounts, desk),
      ...googleTokenRoutes(accounts, desk),
      ...gmailReadRoutes(world),
      ...gmailSendRoutes(world, now),
    );
    return google;
  }

  /** The addresses to configure a client with. */
  get addresses(): { readonly authUrl: string; readonly tokenUrl: string; readonly gmailUrl: string } {
    const { url } = this.server;
    return { authUrl: `${url}/o/oauth2/v2/auth`, tokenUrl: `${url}/token`, gmailUrl: url };
  }

  get faults(): FaultPlan {
    return this.server.faults;
  }

  /** See SimulatorServer.onStep. */
  set onStep(told: SimulatorServer['onStep']) {
    this.server.onStep = told;
  }

  get requests(): RequestLog {
    return this.server.requests;
  }

  /** Of an account; made when it is first asked for. */
  mailbox(email: string): GmailMailbox {
    const key = email.toLowerCase();
    const known = this.mailboxes.get(key);
    if (known) return known;
    const account = this.accounts.account(key);
    if (account === null) throw new Error(`There is no account ${email}.`);
    const mailbox = new GmailMailbox(key, [...(account.sendAs ?? [])]);
    this.mailboxes.set(key, mailbox);
    return mailbox;
  }

  /** As if the person had agreed on the consent page. */
  grant(email: string, clientId: string, scopes: readonly string[] = [READ, SEND]): IssuedTokens {
    const client = this.accounts.client(clientId);
    if (client === null) throw new Error(`There is no client ${clientId}.`);
    const approval = {
      clientId,
      redirectUri: '',
      email: email.toLowerCase(),
      scopes,
      offline: true,
      codeChallenge: null,
    };
    const redemption = { code: this.desk.approve(approval), redirectUri: '', codeVerifier: null };
    const issued = this.desk.redeem(redemption, client);
    if ('error' in issued) throw new Error(issued.error_description);
    return issued;
  }

  /** Answers with one of Google's own refusals. */
  refuse(operation: string, refusal: keyof typeof gmailRefusals, more: Omit<Fault, 'operation' | 'effect'> = {}): void {
    const { status } = gmailRefusals[refusal];
    this.faults.add({
      operation,
      effect: { kind: 'answer', status, body: gmailErrorBody(gmailRefusals[refusal]) },
      ...more,
    });
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}
