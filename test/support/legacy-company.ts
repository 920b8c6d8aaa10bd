import { type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { GoogleSimulator, MicrosoftSimulator, simulatorAuthority } from '@libs/provider-simulators';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { type GeneratedMail } from './generated-mails.js';
import { COMPANY_APP } from './google-steps.js';
import { type LegacyLine } from './legacy-files.js';
import { HRBC_APP, SAMPLE_TENANT } from './microsoft-steps.js';
import { TestService } from './service.js';

/** What a person's old setting is: recognised as one of the services, of another server, or a line that is refused. */
export type OldSetting = 'office365' | 'gmail' | 'elsewhere' | 'late' | 'mistyped';
export interface LegacyPerson {
  readonly userId: string;
  readonly email: string;
  readonly old: OldSetting;
}

export const PEOPLE = 500;
/** The day from which everybody receives. */
export const IMPORT_DAY = '2026-11-01';
const MIX: readonly OldSetting[] = [
  ...(['office365', 'office365', 'office365', 'office365', 'office365', 'office365'] as const),
  ...(['gmail', 'gmail', 'elsewhere'] as const),
];
/** Of ten people six were on Office365, two on Gmail and one elsewhere; the tenth has a line that is refused. */
export const people: readonly LegacyPerson[] = Array.from({ length: PEOPLE }, (_, n) => {
  const userId = `user-${String(n).padStart(3, '0')}`;
  return { userId, email: `${userId}@sample.example`, old: MIX[n % 10] ?? (n % 20 === 9 ? 'late' : 'mistyped') };
});
export const of = (old: OldSetting): readonly LegacyPerson[] => people.filter((person) => person.old === old);

const passwordOf = ({ userId }: LegacyPerson): string => `old secret of ${userId}`;

/**
 * The service with everything that a company on its way off basic auth deals with: Microsoft and Google, who know
 * everybody, and the company's own mail server for those elsewhere.
 */
export class LegacyCompany {
  private constructor(
    readonly service: TestService,
    readonly microsoft: MicrosoftSimulator,
    readonly google: GoogleSimulator,
    readonly dovecot: LocalDovecot,
    private readonly directory: string,
  ) {}

  static async begin(): Promise<LegacyCompany> {
    const authority = await simulatorAuthority();
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
    const directory = await mkdtemp(join(tmpdir(), 'hrbc-company-'));
    const ca = join(directory, 'ca.pem');
    await writeFile(ca, authority.certificate);
    const microsoft = await MicrosoftSimulator.start({ seed: microsoftSeed(), authority, randomSeed: 1 });
    const google = await GoogleSimulator.start({ seed: googleSeed(), authority });
    const users = of('elsewhere').map((person) => ({ name: person.userId, password: passwordOf(person) }));
    const dovecot = await startLocalDovecot({ users });
    const service = await TestService.start({
      NODE_EXTRA_CA_CERTS: ca,
      OFFICE365_CLIENT_ID: HRBC_APP.clientId,
      OFFICE365_CLIENT_SECRET: HRBC_APP.clientSecret,
      OFFICE365_AUTHORITY: microsoft.url,
      GRAPH_URL: microsoft.url,
      GOOGLE_AUTH_URL: google.addresses.authUrl,
      GOOGLE_TOKEN_URL: google.addresses.tokenUrl,
      GMAIL_URL: google.addresses.gmailUrl,
    });
    return new LegacyCompany(service, microsoft, google, dovecot, directory);
  }

  async end(): Promise<void> {
    await this.service.remove();
    await Promise.all([this.microsoft.close(), this.google.close(), this.dovecot.stop()]);
    await rm(this.directory, { recursive: true, force: true });
  }

  /** The company's old settings, as its admin has them in a file. */
  file(): LegacyLine[] {
    return people.map((person) => ({ userId: person.userId, importSince: IMPORT_DAY, ...this.lineOf(person) }));
  }

  /** Puts a mail into the person's mailbox at this provider, or at the company's own server. */
  deliver({ userId, email }: LegacyPerson, where: OldSetting, { source, internalDate }: GeneratedMail): void {
    if (where === 'office365') this.microsoft.mailbox(email).deliver(source, internalDate);
    else if (where === 'gmail') this.google.mailbox(email).deliver(source, { internalDate });
    else this.dovecot.deliver(userId, source, { internalDate });
  }

  private lineOf(person: LegacyPerson): Partial<LegacyLine> & { readonly host: string } {
    switch (person.old) {
      case 'office365':
        return { host: 'outlook.office365.com' };
      case 'gmail':
        return { host: 'imap.gmail.com' };
      case 'elsewhere': {
        const { host, ports } = this.dovecot;
        return { host, port: ports.imap, security: 'none', accountName: person.userId, password: passwordOf(person) };
      }
      case 'late':
        return { host: 'outlook.office365.com', registeredAt: '2020-08-12T00:00:00+09:00' };
      case 'mistyped':
        return { host: 'outlook.office365.com', address: 'no address' };
    }
  }
}

function microsoftSeed() {
  const users = people.map(({ userId, email }, n) => {
    const id = `cccccccc-0000-4000-8000-${String(n).padStart(12, '0')}`;
    return { id, userPrincipalName: email, displayName: userId };
  });
  return { apps: [HRBC_APP], tenants: [{ id: SAMPLE_TENANT, name: 'Sample', users }] };
}

function googleSeed() {
  const client = { ...COMPANY_APP, audience: 'internal', domain: 'sample.example' } as const;
  return { clients: [client], accounts: people.map(({ userId, email }) => ({ email, name: userId })) };
}
