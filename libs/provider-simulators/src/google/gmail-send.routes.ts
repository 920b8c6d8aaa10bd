import { randomBytes } from 'node:crypto';
import { type Answer, type Exchange, json, type Route } from '../shared/exchange.js';
import { gmailRefusals, RefusedByGmail } from './google-error.js';
import { gmailRoute, type GmailWorld, SEND } from './gmail-door.js';
import { type GmailMailbox } from './gmail-mailbox.js';
import { addressesIn, headerOf, withHeader } from '../shared/mail-headers.js';

/** Of a whole message (support.google.com/a/answer/166852; messages.send). */
const LARGEST = 36_700_160;
const MOST_RECIPIENTS = 500;

/** messages.send as JSON, and as an upload of the bytes themselves. */
export function gmailSendRoutes(world: GmailWorld, now: () => number): Route[] {
  const send = { operation: 'gmail.messages.send', method: 'POST', units: 100, scope: SEND } as const;
  return [
    gmailRoute(world, {
      ...send,
      path: '/messages/send',
      handle: (mailbox, exchange) => accept(world, mailbox, fromJson(exchange), now),
    }),
    gmailRoute(world, {
      ...send,
      path: '/upload/gmail/v1/users/:userId/messages/send',
      handle: (mailbox, exchange) => accept(world, mailbox, fromUpload(exchange), now),
    }),
  ];
}

interface Outgoing {
  readonly raw: Buffer;
  readonly threadId?: string;
}

/**
 * What Gmail does with a mail: a From that is neither the account nor an accepted address is put back silently, the
 * Message-ID is replaced, Bcc stays out of what others get, a copy lies in 送信済み.
 */
function accept(world: GmailWorld, mailbox: GmailMailbox, { raw, threadId }: Outgoing, now: () => number): Answer {
  if (raw.length > LARGEST)
    throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, status: 413, message: 'Message too large' });
  const recipients = ['to', 'cc', 'bcc'].flatMap((name) => addressesIn(headerOf(raw, name)));
  if (recipients.length === 0)
    throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, message: 'Recipient address required' });
  if (recipients.length > MOST_RECIPIENTS) {
    throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, message: 'Too many recipients' });
  }
  const messageId = `<CA${randomBytes(24).toString('base64url')}@mail.gmail.com>`;
  const stamped = withHeader(withOwnFrom(mailbox, raw), 'Message-ID', messageId);
  const internalDate = new Date(now());
  const known = threadId === undefined ? null : mailbox.find(threadId);
  const sent = mailbox.deliver(stamped, { internalDate, labelIds: ['SENT'], ...(known && { threadOf: known.id }) });
  const delivered = withHeader(stamped, 'Bcc', null);
  for (const recipient of new Set(recipients)) {
    if (world.accounts.account(recipient) !== null) world.mailbox(recipient).deliver(delivered, { internalDate });
  }
  return json(200, { id: sent.id, threadId: sent.threadId, labelIds: [...sent.labelIds] });
}

function withOwnFrom(mailbox: GmailMailbox, raw: Buffer): Buffer {
  const [from = ''] = addressesIn(headerOf(raw, 'from'));
  const accepted = mailbox.sendAs.some(
    ({ email, verificationStatus }) => email.toLowerCase() === from && verificationStatus === 'accepted',
  );
  return from === mailbox.email || accepted ? raw : withHeader(raw, 'From', mailbox.email);
}

function fromJson({ body }: Exchange): Outgoing {
  const message = parsedJson(body);
  if (typeof message.raw !== 'string')
    throw new RefusedByGmail({
      ...gmailRefusals.invalidArgument,
      message: "'raw' RFC822 payload message string or uploading message via /upload/* URL required",
    });
  const raw = Buffer.from(message.raw, 'base64url');
  return typeof message.threadId === 'string' ? { raw, threadId: message.threadId } : { raw };
}

/** `media`: the body is the mail. `multipart`: metadata in JSON first, then the mail (guides/uploads). */
function fromUpload({ body, headers, url }: Exchange): Outgoing {
  if (url.searchParams.get('uploadType') !== 'multipart') return { raw: body };
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const [, metadata = '', mail = ''] = body.toString('latin1').split(`--${boundary}`);
  const content = (part: string): string => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '');
  const { threadId } = parsedJson(Buffer.from(content(metadata), 'latin1'));
  const raw = Buffer.from(content(mail), 'latin1');
  return typeof threadId === 'string' ? { raw, threadId } : { raw };
}

function parsedJson(body: Buffer): { readonly raw?: unknown; readonly threadId?: unknown } {
  try {
    return (JSON.parse(body.toString('utf8') || '{}') ?? {}) as object;
  } catch {
    throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, message: 'Invalid JSON payload received.' });
  }
}
