import { randomBytes } from 'node:crypto';
import { addressesIn, headerOf, withHeader } from '../shared/mail-headers.js';
import { type Answer, bearerOf, type Exchange, type Route } from '../shared/exchange.js';
import { type Account } from './directory.js';
import { graphError } from './graph-answers.js';
import { authorized, type GraphWorld, inMailbox } from './graph.routes.js';
import { listSent } from './list-sent.js';
import { type SimulatedMailbox } from './simulated-mailbox.js';

/** A whole request (user-sendmail.md). */
const LARGEST_REQUEST = 4 * 1024 * 1024;
const SENT = 'sentitems';

export interface SendingWorld extends GraphWorld {
  /** The mailbox that mail to this address comes to; null: it is nobody's here. */
  readonly mailboxAt: (address: string) => SimulatedMailbox | null;
  /** How long after its answer a mail that was sent lies in Sent Items. */
  readonly filesAfterMs: () => number;
}

/**
 * `POST /me/sendMail` with MIME, and the Sent Items that it fills. As Exchange does: it answers 202 without an id,
 * replaces the Message-ID, keeps other header fields, puts a From with an alias of the mailbox back to the primary
 * address, and refuses one of another mailbox without the right to send as it.
 */
export function graphSendRoutes(world: SendingWorld): Route[] {
  const subject = (exchange: Exchange) => world.desk.grantOf(bearerOf(exchange))?.account.userPrincipalName ?? null;
  return [
    {
      operation: 'graph.sendMail',
      method: 'POST',
      path: '/v1.0/me/sendMail',
      subject,
      handle: (exchange) =>
        authorized(world, exchange, 'Mail.Send', (sending, account) =>
          inMailbox(world, sending, account, (mailbox) => sendMail(world, mailbox, sending, account)),
        ),
    },
    {
      operation: 'graph.sentItems.list',
      method: 'GET',
      path: '/v1.0/me/mailFolders/sentitems/messages',
      subject,
      handle: (exchange) =>
        authorized(world, exchange, 'Mail.Read', (reading, account) =>
          inMailbox(world, reading, account, (mailbox) =>
            listSent(mailbox.inFolder(SENT), reading, world.tellsSentHeaders()),
          ),
        ),
    },
  ];
}

function sendMail(
  world: SendingWorld,
  mailbox: SimulatedMailbox,
  { body, headers }: Exchange,
  account: Account,
): Answer {
  if (body.length > LARGEST_REQUEST) return graphError(413, 'ErrorMessageSizeExceeded', 'The message is too large.');
  const text = body.toString('latin1').trim();
  if (!/^text\/plain\b/i.test(headers['content-type'] ?? '') || !/^[A-Za-z0-9+/\s]+=*$/.test(text)) {
    return graphError(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.');
  }
  const mime = Buffer.from(text, 'base64');
  const [from = ''] = addressesIn(headerOf(mime, 'from'));
  const recipients = ['to', 'cc', 'bcc'].flatMap((name) => addressesIn(headerOf(mime, name)));
  if (recipients.length === 0) return graphError(400, 'ErrorInvalidRecipients', 'At least one recipient is required.');
  const used = senderOf(account, from);
  if (used === null) {
    return graphError(
      403,
      'ErrorSendAsDenied',
      'The user account does not have the right to send mail on behalf of it.',
    );
  }
  const asked = used === from ? mime : withHeader(mime, 'From', used);
  const stamped = withHeader(asked, 'Message-ID', `<${randomBytes(16).toString('hex')}@prod.outlook.example>`);
  file(mailbox, stamped, world.filesAfterMs());
  const received = `from prod.outlook.example by prod.outlook.example; ${new Date().toUTCString()}`;
  const delivered = withHeader(withHeader(stamped, 'Bcc', null), 'Received', received);
  for (const recipient of new Set(recipients)) world.mailboxAt(recipient)?.deliver(delivered, new Date());
  return { status: 202 };
}

function file(mailbox: SimulatedMailbox, sent: Buffer, afterMs: number): void {
  const sentAt = new Date();
  if (afterMs === 0) mailbox.deliver(sent, sentAt, SENT);
  else setTimeout(() => mailbox.deliver(sent, sentAt, SENT), afterMs).unref();
}

/** The From that the mail goes out with; null: it must not. */
function senderOf({ mail, userPrincipalName, aliases = [], sendAs = [] }: Account, from: string): string | null {
  const among = (addresses: readonly (string | null)[]) => addresses.some((one) => one?.toLowerCase() === from);
  if (among([mail, userPrincipalName, ...sendAs])) return from;
  return among(aliases) ? (mail ?? userPrincipalName) : null;
}
