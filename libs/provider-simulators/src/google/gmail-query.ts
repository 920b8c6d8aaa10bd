import { type GmailMessage } from './gmail-mailbox.js';
import { gmailRefusals, RefusedByGmail } from './google-error.js';
import { headerOf } from '../shared/mail-headers.js';

type Condition = (message: GmailMessage) => boolean;

const seconds = ({ internalDate }: GmailMessage): number => Math.floor(internalDate / 1_000);

/**
 * The search operators that the simulator knows, of those in support.google.com/mail/answer/7190. Gmail does not say
 * whether `after:` and `before:` with epoch seconds include their own second; this one leaves it out of both, so that
 * a client which relies on either reading misses a mail here rather than there.
 */
const OPERATORS: Readonly<Record<string, (value: string) => Condition>> = {
  after: (value) => (message) => seconds(message) > epochSeconds(value),
  before: (value) => (message) => seconds(message) < epochSeconds(value),
  from: (value) => (message) => fromOf(message).includes(value.toLowerCase()),
  in: (value) => (message) => message.labelIds.has(value.toUpperCase()),
  rfc822msgid: (value) => (message) => bare(headerOf(message.raw, 'message-id') ?? '') === bare(value),
};

/** What `q` asks for. Throws RefusedByGmail for what the simulator does not know, rather than finding the wrong mail. */
export function gmailQuery(q: string): Condition {
  const conditions = q
    .split(/\s+/)
    .filter((term) => term !== '')
    .map(conditionOf);
  return (message) => conditions.every((condition) => condition(message));
}

function conditionOf(term: string): Condition {
  const [, name = '', value = ''] = /^([a-z0-9]+):(.+)$/.exec(term) ?? [];
  const operator = OPERATORS[name];
  if (operator) return operator(value);
  throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, message: `The simulator does not know "${term}"` });
}

/** Dates such as 2026/11/22 are Pacific time at Gmail; nobody here should use them. */
function epochSeconds(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, message: `Not epoch seconds: ${value}` });
}

const bare = (messageId: string): string => messageId.replace(/^<|>$/g, '');

/** As the header writes it: names in encoded words are not decoded here. */
const fromOf = ({ raw }: GmailMessage): string => (headerOf(raw, 'from') ?? '').toLowerCase();
