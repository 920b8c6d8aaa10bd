import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { sampleMails } from './sample-mails.js';
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from './sample-people.js';

/** The sample company's mail server, as its admin would register it. */
export interface SandboxMailServer {
  readonly protocol: 'imap';
  readonly security: 'none';
  readonly host: string;
  readonly port: number;
  readonly accounts: readonly { readonly accountName: string; readonly password: string }[];
}

/** Why the sandbox has no mail server. */
export type NoSampleMail = 'not_installed' | 'not_allowed' | 'not_started';

const accountOf = (email: string): string => email.slice(0, email.indexOf('@'));

/**
 * A real Dovecot with sample mailboxes, where one is installed; without it the sandbox has no mail server to try. It
 * starts beside the service, which need not wait for it.
 */
@Injectable()
export class SandboxMail implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SandboxMail.name);
  private dovecot: Promise<LocalDovecot | null> = Promise.resolve(null);

  constructor(@InjectConfig() private readonly config: AppConfig) {}

  /** Once it has started; null where there is none. */
  async server(): Promise<SandboxMailServer | null> {
    const dovecot = await this.dovecot;
    if (dovecot === null) return null;
    const accounts = SAMPLE_PEOPLE.map(({ email }) => ({ accountName: accountOf(email), password: SAMPLE_PASSWORD }));
    const { host, ports } = dovecot;
    return { protocol: 'imap', security: 'none', host, port: ports.imap, accounts };
  }

  /** Why there is none, where there is none. */
  get whyNone(): NoSampleMail {
    if (findDovecot() === null) return 'not_installed';
    return this.config.mail.allowedPrivateHosts.includes('127.0.0.1') ? 'not_started' : 'not_allowed';
  }

  /** Puts a mail into a sample person's mailbox; mail for anybody else goes nowhere. */
  async deliver(address: string, source: Buffer): Promise<void> {
    const person = SAMPLE_PEOPLE.find(({ email }) => email === address.toLowerCase());
    if (person) (await this.dovecot)?.deliver(accountOf(person.email), source);
  }

  onModuleInit(): void {
    if (this.whyNone !== 'not_started') return;
    this.dovecot = this.start().catch((error: unknown) => {
      this.logger.warn({ error }, 'The sample mail server did not start; everything else works without it.');
      return null;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.dovecot)?.stop();
  }

  private async start(): Promise<LocalDovecot> {
    const directory = join(this.config.stores.dataDirectory, 'sample-mail');
    const portsFile = join(this.config.stores.dataDirectory, 'sample-mail-ports.json');
    const users = SAMPLE_PEOPLE.map(({ email }) => ({ name: accountOf(email), password: SAMPLE_PASSWORD }));
    const ports = await lastPorts(portsFile);
    const dovecot = await startLocalDovecot({ directory, users, ...(ports ? { ports } : {}) });
    await writeFile(portsFile, JSON.stringify(dovecot.ports));
    for (const { email } of SAMPLE_PEOPLE) {
      const account = accountOf(email);
      if (dovecot.snapshot(account).length > 0) continue;
      for (const { source, receivedAt } of sampleMails(email, new Date())) {
        dovecot.deliver(account, source, { internalDate: receivedAt });
      }
    }
    return dovecot;
  }
}

/** Where the last start listened: a mail server that was registered then is found there again. */
async function lastPorts(file: string): Promise<LocalDovecot['ports'] | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LocalDovecot['ports'];
  } catch {
    return null; // the first start, or a file that was cut off: any ports will do
  }
}
