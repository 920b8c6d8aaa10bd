import { type INestApplicationContext } from '@nestjs/common';
import { resolve } from 'node:path';
import { type AppConfig } from '../platform/config/index.js';
import { stepsByConsent, stepsByPassword, tokenFor } from './first-steps.js';
import { type NoSampleMail, SandboxMail } from './sandbox-mail.js';
import { SANDBOX_SERVERS, type SandboxServers } from './sandbox-servers.js';

interface Started {
  readonly app: INestApplicationContext;
  readonly url: string;
  readonly stores: { readonly embedded: readonly string[] };
}

/** What whoever started the service wants to know at once. */
export function welcome({ url, stores }: Started, config: AppConfig): string {
  const { publicUrl } = config.http;
  const embedded = stores.embedded.join(' and ');
  const data = resolve(config.stores.dataDirectory);
  const lines = [
    '',
    `HRBC Mail listens on ${url}`,
    `  API documentation  ${publicUrl}/api/docs`,
    `  Health             ${publicUrl}/health/ready`,
    ...(embedded
      ? [`  Data               ${data} (embedded ${embedded}: for trying, developing and testing, not for production)`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What there is to try in the sandbox, once its mail server is up; nothing outside of the sandbox. */
export async function invitation({ app }: Started, config: AppConfig): Promise<string> {
  if (!config.sandbox) return '';
  const base = config.http.publicUrl;
  const mail = app.get(SandboxMail);
  const server = await mail.server();
  const servers = app.get<SandboxServers>(SANDBOX_SERVERS);
  const lines = [
    `  Sample company     ${base}/sandbox`,
    `  A token            ${tokenFor(base, 'hanako')}`,
    ...providerLines(servers, config),
    ...(server === null
      ? ['', `  No sample mailboxes: ${NO_SAMPLE_MAIL[mail.whyNone]}`]
      : stepsByPassword(base, server)),
    ...stepsByConsent(base, servers),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** Where the simulated providers are; null: a real one is configured. Browsers do not know the certificates' authority. */
function providerLines({ microsoft, google }: SandboxServers, { stores }: AppConfig): string[] {
  if (microsoft === null && google === null) return [];
  const authority = resolve(stores.dataDirectory, 'simulators', 'simulators-ca.pem');
  return [
    ...(microsoft ? [`  Microsoft          ${microsoft.simulator.url} (simulated)`] : []),
    ...(google ? [`  Google             ${google.google.gmailUrl} (simulated)`] : []),
    `                     browsers: trust ${authority}, or accept the warning`,
  ];
}

const NO_SAMPLE_MAIL: Readonly<Record<NoSampleMail, string>> = {
  not_installed: 'install Dovecot (Debian/Ubuntu: apt-get install dovecot-imapd dovecot-pop3d) and start again.',
  not_allowed: 'add 127.0.0.1 to MAIL_HOSTS_ALLOWED_PRIVATE and start again.',
  not_started: 'Dovecot did not start; the log says why.',
};
