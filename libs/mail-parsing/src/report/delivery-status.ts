import { type ReportedRecipient } from './delivery-report.js';

/** Recipients that one report may tell of; nobody's mail has more. */
const MOST_RECIPIENTS = 1_000;

type Fields = ReadonlyMap<string, string>;

/**
 * The recipients that a message/delivery-status body tells of (RFC 3464, 2): groups of fields, the first about the mail,
 * each further one about a recipient. What was delivered, relayed or expanded is left out.
 */
export function reportedRecipients(body: string): ReportedRecipient[] {
  const [, ...groups] = groupsOf(body);
  return groups.slice(0, MOST_RECIPIENTS).flatMap((fields) => recipientIn(fields) ?? []);
}

function recipientIn(fields: Fields): ReportedRecipient | null {
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null;
  const action = actionIn(fields.get('action') ?? '', status);
  if (action === null) return null;
  const addresses = ['original-recipient', 'final-recipient'].flatMap((name) => addressIn(fields.get(name)) ?? []);
  return { addresses: [...new Set(addresses)], action, status };
}

/** Some systems leave the action out, or write it in capitals or with a remark behind it. */
function actionIn(text: string, status: string | null): ReportedRecipient['action'] | null {
  const word = /^[a-z]*/.exec(text.trim().toLowerCase())?.[0];
  if (word === 'failed' || word === 'delayed') return word;
  if (word !== '' || status === null || status.startsWith('2')) return null;
  return status.startsWith('4') ? 'delayed' : 'failed';
}

/** `rfc822; user@host`, with the type left out by some, and with angle brackets by others. */
function addressIn(field: string | undefined): string | null {
  if (field === undefined) return null;
  const [type = '', ...rest] = field.split(';');
  const text = (rest.length === 0 ? type : rest.join(';')).trim().replace(/^<(.*)>$/, '$1');
  const address = /^utf-8$/i.test(type.trim()) ? text : withoutXtext(text);
  return address.includes('@') ? address : null;
}

/** RFC 3461, 4: what an SMTP parameter could not hold stands as `+` and two hexadecimal digits. */
const withoutXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (code, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    // Only what xtext has to encode: an address may hold `+50` as it is.
    return /[^!-~]|[+=]/.test(character) ? character : code;
  });

function groupsOf(body: string): Fields[] {
  return body
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+(?=\S)/g, ' ')
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .map(fieldsOf)
    .filter((fields) => fields.size > 0);
}

function fieldsOf(group: string): Fields {
  const fields = new Map<string, string>();
  for (const line of group.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
