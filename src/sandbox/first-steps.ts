import { SAMPLE_PASSWORD } from './sample-people.js';
import { type SandboxMailServer } from './sandbox-mail.js';
import { type SandboxServers } from './sandbox-servers.js';
import { SIGNED_IN } from './signed-in.controller.js';

const CALL = `curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
const field = (names: string): string => `sed -E 's/.*"(${names})":"([^"]*)".*/\\2/'`;
const quoted = (json: string): string => `"${json.replaceAll('"', '\\"')}"`;

/** A call that answers a token for this person. */
export const tokenFor = (base: string, userId: string): string =>
  `curl -s ${base}/sandbox/tokens -H 'Content-Type: application/json' -d '{"userId":"${userId}"}'`;

/** From nothing to reading imported mail by a password: lines that can be pasted into a shell, all at once or one by one. */
export function stepsByPassword(base: string, { protocol, security, host, port }: SandboxMailServer): string[] {
  const mailServer = JSON.stringify({ service: 'other', name: 'Sample', protocol, security, host, port });
  const account = `{"mailServerId":"$SERVER","accountName":"hanako","password":"${SAMPLE_PASSWORD}"}`;
  return [
    '',
    '  From here to reading imported mail, as the admin Hanako, who connects her own mailbox. Paste this into a shell:',
    '',
    `  TOKEN=$(${tokenFor(base, 'hanako')} | ${field('token')})`,
    `  # 1. register the mail server for the company (once; later its id comes with the refusal)`,
    `  SERVER=$(${CALL} ${base}/api/v1/mail-servers -d '${mailServer}' | ${field('mailServerId|id')})`,
    `  # 2. connect the own account; it is tried against the server first`,
    `  ${CALL} -X PUT ${base}/api/v1/me/mail-setting/account -d ${quoted(account)}`,
    ...lastSteps(base, 3),
  ];
}

/** The same by the consent pages of the simulated providers, where signing in is a click on a name; none: nothing. */
export function stepsByConsent(base: string, { microsoft, google }: SandboxServers): string[] {
  if (microsoft === null && google === null) return [];
  const authorization = `{"mailServerId":"$SERVER","returnUrl":"${base}/${SIGNED_IN}"}`;
  const app = JSON.stringify({ clientId: google?.app.clientId, clientSecret: google?.app.clientSecret });
  const service = microsoft === null ? 'gmail' : 'office365';
  return [
    '',
    '  The same by Office365 or Gmail, line by line, with a browser on this machine:',
    '',
    `  TOKEN=$(${tokenFor(base, 'hanako')} | ${field('token')})`,
    ...(google === null ? [] : [`  # for Gmail only: the company's own app at Google, and below {"service":"gmail"}`]),
    ...(google === null ? [] : [`  ${CALL} -X PUT ${base}/api/v1/google-api-setting -d '${app}'`]),
    `  SERVER=$(${CALL} ${base}/api/v1/mail-servers -d '{"service":"${service}"}' | ${field('mailServerId|id')})`,
    `  # open the address that this prints, and agree as Hanako`,
    `  ${CALL} ${base}/api/v1/me/mail-setting/authorization -d ${quoted(authorization)} | ${field('authorizationUrl')}`,
    ...lastSteps(base, 1).map((line) => line.replace(/# \d\. /, '# then ')),
  ];
}

function lastSteps(base: string, number: number): string[] {
  return [
    `  # ${number}. save: past mail from this day on is imported, and receiving starts`,
    `  ${CALL} -X PUT ${base}/api/v1/me/mail-setting/details -d '{"importSince":"2020-01-01","shareByDefault":true}'`,
    `  # ${number + 1}. read (the import takes a moment)`,
    `  sleep 2; ${CALL} ${base}/api/v1/inbox/messages`,
  ];
}
