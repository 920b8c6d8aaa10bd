import { type Answer, bearerOf, type Exchange, json, type Route } from '../shared/exchange.js';
import { type DeltaBehaviour, deltaMessages } from './delta-messages.js';
import { type Account, bareScope } from './directory.js';
import { graphError, mailView } from './graph-answers.js';
import { listMessages } from './list-messages.js';
import { isBySending, listSent } from './list-sent.js';
import { CONSUMER_TENANT } from './microsoft-seed.js';
import { regenerateMime } from './regenerate-mime.js';
import { folderIdOf, folderOf, INBOX, type SimulatedMailbox } from './simulated-mailbox.js';
import { type TokenDesk } from './token-desk.js';

/** Requests that Graph carries out at once for one app and mailbox (throttling-limits.md, "Outlook service limits"). */
const MOST_AT_ONCE = 4;

export interface GraphWorld {
  readonly desk: TokenDesk;
  readonly delta: DeltaBehaviour;
  readonly mailboxOf: (account: Account) => SimulatedMailbox;
  readonly requestsUnderWay: (subject: string) => number;
  /** Whether copies of what was sent tell their header fields, as they do in some tenants, and mostly do not. */
  readonly tellsSentHeaders: () => boolean;
}

export type MailboxHandler = (mailbox: SimulatedMailbox, exchange: Exchange, account: Account) => Answer;

/** Microsoft Graph v1.0, as far as a person's own Inbox goes. */
export function graphRoutes(world: GraphWorld): Route[] {
  const subject = (exchange: Exchange) => world.desk.grantOf(bearerOf(exchange))?.account.userPrincipalName ?? null;
  const get = (
    operation: string,
    path: string,
    handle: (exchange: Exchange, account: Account) => Answer,
    scope: string,
  ): Route => ({
    operation,
    method: 'GET',
    path: `/v1.0/me${path}`,
    subject,
    handle: (exchange) => authorized(world, exchange, scope, handle),
  });
  const mail = (operation: string, path: string, handle: MailboxHandler): Route =>
    get(operation, path, (exchange, account) => inMailbox(world, exchange, account, handle), 'Mail.Read');
  return [
    get('graph.me', '', (exchange, account) => profile(exchange, account), 'User.Read'),
    mail('graph.inbox', '/mailFolders/inbox', (mailbox) => json(200, inboxView(mailbox))),
    mail('graph.folder', '/mailFolders/:id', folderView),
    mail('graph.messages.list', '/mailFolders/inbox/messages', (mailbox, exchange) =>
      listMessages(mailbox.inFolder(INBOX), exchange),
    ),
    mail('graph.messages.find', '/messages', (mailbox, exchange) =>
      isBySending(exchange)
        ? listSent(mailbox.everywhere(), exchange, world.tellsSentHeaders())
        : listMessages(mailbox.everywhere(), exchange),
    ),
    mail('graph.messages.delta', '/mailFolders/inbox/messages/delta', (mailbox, exchange) =>
      deltaMessages(mailbox, exchange, world.delta),
    ),
    mail('graph.message', '/messages/:id', (mailbox, exchange) =>
      withMail(mailbox, exchange, (found) => json(200, mailView(found, exchange))),
    ),
    mail('graph.message.source', '/messages/:id/$value', (mailbox, exchange) =>
      withMail(mailbox, exchange, ({ source }) => ({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: regenerateMime(source),
      })),
    ),
  ];
}

export function authorized(
  { desk, requestsUnderWay }: GraphWorld,
  exchange: Exchange,
  scope: string,
  handle: (exchange: Exchange, account: Account) => Answer,
): Answer {
  const token = bearerOf(exchange);
  if (token === null) return graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.');
  const held = desk.grantOf(token);
  if (held === null)
    return graphError(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
  const { grant, account } = held;
  if (requestsUnderWay(account.userPrincipalName) > MOST_AT_ONCE) {
    const message = 'Application is over its MailboxConcurrency limit.';
    return graphError(429, 'ApplicationThrottled', message, { 'retry-after': '1' });
  }
  const granted = grant.scopes.map(bareScope);
  if (!granted.includes(bareScope(scope))) {
    return graphError(403, scope === 'User.Read' ? 'Authorization_RequestDenied' : 'ErrorAccessDenied');
  }
  return handle(exchange, account);
}

export function inMailbox(world: GraphWorld, exchange: Exchange, account: Account, handle: MailboxHandler): Answer {
  const hasMailbox = account.mailbox !== 'none' && account.tenantId !== CONSUMER_TENANT;
  if (hasMailbox) return handle(world.mailboxOf(account), exchange, account);
  // Personal accounts answer 403, organisations' accounts without an Exchange licence 404.
  const status = account.tenantId === CONSUMER_TENANT ? 403 : 404;
  return graphError(
    status,
    'MailboxNotEnabledForRESTAPI',
    'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  );
}

function profile(exchange: Exchange, { id, mail, userPrincipalName, displayName }: Account): Answer {
  const all: Readonly<Record<string, unknown>> = { id, mail, userPrincipalName, displayName };
  const selected = exchange.url.searchParams.get('$select')?.split(',') ?? Object.keys(all);
  return json(200, Object.fromEntries(selected.map((name) => [name, all[name]])));
}

function inboxView(mailbox: SimulatedMailbox) {
  const mails = mailbox.inFolder(INBOX);
  return { id: folderIdOf(INBOX), displayName: '受信トレイ', totalItemCount: mails.length };
}

function folderView(_mailbox: SimulatedMailbox, { params }: Exchange): Answer {
  const folder = folderOf(params['id'] ?? '');
  if (folder === null) return graphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
  return json(200, { id: folderIdOf(folder), displayName: folder });
}

function withMail(
  mailbox: SimulatedMailbox,
  exchange: Exchange,
  answer: (mail: NonNullable<ReturnType<SimulatedMailbox['find']>>) => Answer,
): Answer {
  const found = mailbox.find(exchange.params['id'] ?? '');
  return found === null
    ? graphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
    : answer(found);
}
