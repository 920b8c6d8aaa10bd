import { Injectable } from '@nestjs/common';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { mailServerDecider, type MailServerState } from './mail-server.decider.js';
import { mailServerStream } from './mail-server.events.js';

/** A mail server as the record has it this moment, for those who must not act on a read model that lags behind. */
@Injectable()
export class MailServerRecord {
  constructor(private readonly runner: DeciderRunner) {}

  async current(company: string, mailServerId: string): Promise<MailServerState> {
    return (await this.runner.load(mailServerDecider, mailServerStream(company, mailServerId))).state;
  }
}
