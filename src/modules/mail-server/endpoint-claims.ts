import { Injectable } from '@nestjs/common';
import { Claims } from '../../platform/claims/index.js';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { endpointKey, mailServerDecider } from './mail-server.decider.js';
import { reject } from './mail-server.errors.js';
import { mailServerStream, type MailService } from './mail-server.events.js';

interface Claimant {
  readonly mailServerId: string;
  readonly name: string;
  readonly description: MailService;
}

/** A company registers the same endpoint once (R15), also when two admins or two instances try at the same moment. */
@Injectable()
export class EndpointClaims {
  constructor(
    private readonly claims: Claims,
    private readonly runner: DeciderRunner,
  ) {}

  /** Claims the endpoint and does the work; refuses with `mail_server_exists` when another server has it. */
  async whileClaimed(company: string, claimant: Claimant, work: () => Promise<void>): Promise<void> {
    const { mailServerId, description, name } = claimant;
    const holder = await this.claims.take(nameOf(company, description), mailServerId, async (other) =>
      this.uses(company, other, description),
    );
    if (holder !== null) throw reject('mail_server_exists', { what: name }, { extensions: { mailServerId: holder } });
    try {
      await work();
    } catch (error) {
      if (!(await this.uses(company, mailServerId, description)))
        await this.giveBack(company, mailServerId, description);
      throw error;
    }
  }

  async giveBack(company: string, mailServerId: string, description: MailService): Promise<void> {
    await this.claims.release(nameOf(company, description), mailServerId);
  }

  /** After a change: the endpoint it had before, unless that is still the one it has. */
  async giveBackUnless(company: string, id: string, before: MailService, now: MailService): Promise<void> {
    if (endpointKey(before) !== endpointKey(now)) await this.giveBack(company, id, before);
  }

  private async uses(company: string, mailServerId: string, description: MailService): Promise<boolean> {
    const { state } = await this.runner.load(mailServerDecider, mailServerStream(company, mailServerId));
    return state.status === 'registered' && endpointKey(state.description) === endpointKey(description);
  }
}

const nameOf = (company: string, description: MailService): string =>
  `mailServer|${JSON.stringify([company, endpointKey(description)])}`;
