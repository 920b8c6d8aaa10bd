import { controlRoutes } from '../shared/control.routes.js';
import { type FaultPlan } from '../shared/fault-plan.js';
import { type RequestLog } from '../shared/request-log.js';
import { type SimulatorAuthority } from '../shared/simulator-authority.js';
import { SimulatorServer } from '../shared/simulator-server.js';
import { type ConsentBehaviour, authorizeRoutes } from './authorize.routes.js';
import { type DeltaBehaviour } from './delta-messages.js';
import { type Account, Directory } from './directory.js';
import { graphRoutes } from './graph.routes.js';
import { graphSendRoutes, type SendingWorld } from './graph-send.routes.js';
import { type MicrosoftSeed } from './microsoft-seed.js';
import { microsoftControlRoutes } from './microsoft-control.routes.js';
import { SigningKeys } from './signing-keys.js';
import { SimulatedMailbox } from './simulated-mailbox.js';
import { TokenDesk } from './token-desk.js';
import { tokenRoutes } from './token.routes.js';

export interface MicrosoftSimulatorOptions {
  readonly seed: MicrosoftSeed;
  readonly authority: SimulatorAuthority;
  /** Default: any free one. */
  readonly port?: number;
  /** Of the random numbers by which faults strike. */
  readonly randomSeed?: number;
}

/**
 * Stands in for the Microsoft identity platform (v2.0) and for Microsoft Graph's own-Inbox calls, over https on
 * loopback, with state that lives as long as it does. For developing, trying and testing.
 *
 * What it does not do: sending otherwise than as MIME, folders other than by name, notifications, $batch, conditional access, any check
 * of passwords (whoever clicks a name is that person). Its shapes are those of the documentation; that Microsoft behaves
 * as documented is not proven by it.
 */
export class MicrosoftSimulator {
  readonly consent: ConsentBehaviour = { withheld: [], approvalNumber: 90094 };
  readonly delta: DeltaBehaviour = { duplicate: false, reorder: false, pageSize: null };
  /** Whether Sent Items tell header fields in `internetMessageHeaders`. */
  tellsSentHeaders = false;
  /** How long after its answer a mail that was sent lies in Sent Items. */
  filesAfterMs = 0;
  readonly keys = new SigningKeys();
  readonly desk: TokenDesk;
  private readonly mailboxes = new Map<string, SimulatedMailbox>();

  private constructor(
    private readonly server: SimulatorServer,
    readonly directory: Directory,
  ) {
    this.desk = new TokenDesk(directory);
  }

  static async start({ seed, authority, port, randomSeed }: MicrosoftSimulatorOptions): Promise<MicrosoftSimulator> {
    const server = await SimulatorServer.start({
      authority,
      ...(port !== undefined && { port }),
      ...(randomSeed !== undefined && { seed: randomSeed }),
    });
    const simulator = new MicrosoftSimulator(server, new Directory(seed));
    const { directory, desk, keys, consent, delta } = simulator;
    const world: SendingWorld = {
      desk,
      delta,
      mailboxOf: (account) => simulator.mailbox(account.id),
      mailboxAt: (address) => (directory.account(address) ? simulator.mailbox(address) : null),
      tellsSentHeaders: () => simulator.tellsSentHeaders,
      filesAfterMs: () => simulator.filesAfterMs,
      requestsUnderWay: (subject) => server.requestsUnderWay(subject),
    };
    server.add(
      ...authorizeRoutes(directory, desk, consent),
      ...tokenRoutes({ directory, desk, keys, baseUrl: () => server.url }),
      ...graphRoutes(world),
      ...graphSendRoutes(world),
      ...controlRoutes(server),
      ...microsoftControlRoutes(simulator),
    );
    return simulator;
  }

  /** Both the authority and Graph: `https://localhost:…`. */
  get url(): string {
    return this.server.url;
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

  /** The mailbox of an account, by any of its names. It follows the object id: another account has another mailbox. */
  mailbox(name: string): SimulatedMailbox {
    const { id } = this.account(name);
    const existing = this.mailboxes.get(id);
    if (existing) return existing;
    const made = new SimulatedMailbox();
    this.mailboxes.set(id, made);
    return made;
  }

  account(name: string): Account {
    const account = this.directory.account(name);
    if (!account) throw new Error(`There is no account ${name}.`);
    return account;
  }

  /** Takes back every consent and token of the person, as an administrator does who revokes sessions. */
  revoke(name: string): void {
    const { id } = this.account(name);
    this.directory.withdrawConsent(id);
    this.desk.revoke(id);
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}
