import { type INestApplicationContext } from '@nestjs/common';
import { resolve } from 'node:path';
import { type AppConfig } from '../platform/config/index.js';
import { SAMPLE_PASSWORD } from './sample-people.js';
import { type NoSampleMail, SandboxMail, type SandboxMailServer } from './sandbox-mail.js';
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
  const token = `curl -s ${base}/sandbox/tokens -H 'Content-Type: application/json' -d '{"userId":"hanako"}'`;
  const lines = [
    `  Sample company     ${base}/sandbox`,
    `  A token            ${token}`,
    ...providerLines(app.get<SandboxServers>(SANDBOX_SERVERS), config),
    ...(server === null
      ? ['', `  No sample mailboxes: ${NO_SAMPLE_MAIL[mail.whyNone]}`]
      : firstSteps(base, server, token)),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** Signing in there is a click: on the name of whoever one wants to be. Browsers do not know the certificates' authority. */
function providerLines({ microsoft }: SandboxServers, { stores }: AppConfig): string[] {
  if (microsoft === null) return [];
  const authority = resolve(stores.dataDirectory, 'simulators', 'simulators-ca.pem');
  return [
    `  Microsoft, simulated ${microsoft.simulator.url} (for browsers: trust ${authority}, or accept the warning)`,
  ];
}

const NO_SAMPLE_MAIL: Readonly<Record<NoSampleMail, string>> = {
  not_installed: 'install Dovecot (Debian/Ubuntu: apt-get install dovecot-imapd dovecot-pop3d) and start again.',
  not_allowed: 'add 127.0.0.1 to MAIL_HOSTS_ALLOWED_PRIVATE and start again.',
  not_started: 'Dovecot did not start; the log says why.',
};

/** From nothing to reading imported mail: lines that can be pasted into a shell, all at once or one by one. */
function firstSteps(base: string, { protocol, security, host, port }: SandboxMailServer, token: string): string[] {
  const mailServer = JSON.stringify({ service: 'other', name: 'Sample', protocol, security, host, port });
  const account = `{"mailServerId":"$SERVER","accountName":"hanako","password":"${SAMPLE_PASSWORD}"}`;
  const call = `curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
  const field = (names: string): string => `sed -E 's/.*"(${names})":"([^"]*)".*/\\2/'`;
  return [
    '',
    '  From here to reading imported mail, as the admin Hanako, who connects her own mailbox. Paste this into a shell:',
    '',
    `  TOKEN=$(${token} | ${field('token')})`,
    `  # 1. register the mail server for the company (once; later its id comes with the refusal)`,
    `  SERVER=$(${call} ${base}/api/v1/mail-servers -d '${mailServer}' | ${field('mailServerId|id')})`,
    `  # 2. connect the own account; it is tried against the server first`,
    `  ${call} -X PUT ${base}/api/v1/me/mail-setting/account -d "${account.replaceAll('"', '\\"')}"`,
    `  # 3. save: past mail from this day on is imported, and receiving starts`,
    `  ${call} -X PUT ${base}/api/v1/me/mail-setting/details -d '{"importSince":"2020-01-01","shareByDefault":true}'`,
    `  # 4. read (the import takes a moment)`,
    `  sleep 2; ${call} ${base}/api/v1/inbox/messages`,
  ];
}
