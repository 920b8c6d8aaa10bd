import { done, parsed } from '../shared/control.routes.js';
import { type Answer, type Exchange, json, type Route } from '../shared/exchange.js';
import { type Client, type GoogleAccounts } from './google-accounts.js';
import { type GoogleTokenDesk } from './google-token-desk.js';
import { type GmailMailbox } from './gmail-mailbox.js';
import { type AccountSeed } from './google-seed.js';

/** What can be done to the simulated world from outside. */
interface ControlledWorld {
  readonly accounts: GoogleAccounts;
  readonly desk: GoogleTokenDesk;
  mailbox(email: string): GmailMailbox;
}

/** `/_simulator/…`: what a person or a test in another process does to the simulated world. */
export function googleControlRoutes(google: ControlledWorld): Route[] {
  const route = (method: Route['method'], path: string, handle: (exchange: Exchange) => Answer): Route => ({
    operation: 'control',
    method,
    path: `/_simulator${path}`,
    handle: (exchange) => understood(() => handle(exchange)),
  });
  const mailboxOf = ({ params }: Exchange): GmailMailbox => google.mailbox(params['email'] ?? '');
  const emailOf = ({ params }: Exchange): string => (params['email'] ?? '').toLowerCase();
  return [
    route('GET', '/people', () => json(200, google.accounts.people())),
    // The body is the mail as it was received.
    route('POST', '/people/:email/mails', (exchange) => deliver(mailboxOf(exchange), exchange)),
    route('GET', '/people/:email/mails', (exchange) => json(200, mailboxOf(exchange).all().map(shown))),
    route('PATCH', '/people/:email', (exchange) =>
      done(() => google.accounts.changeAccount(emailOf(exchange), parsed(exchange.body) as Partial<AccountSeed>)),
    ),
    route('POST', '/people/:email/revoke', (exchange) => done(() => google.desk.revoke(emailOf(exchange)))),
    route('POST', '/people/:email/expire-history', (exchange) => done(() => mailboxOf(exchange).expireHistory())),
    route('POST', '/people/:email/expire-access', (exchange) =>
      done(() => google.desk.expireAccessTokens(emailOf(exchange))),
    ),
    route('PATCH', '/clients/:id', ({ params, body }) =>
      done(() => google.accounts.changeClient(params['id'] ?? '', parsed(body) as Partial<Client>)),
    ),
  ];
}

function deliver(mailbox: GmailMailbox, { url, body }: Exchange): Answer {
  const internalDate = new Date(url.searchParams.get('receivedAt') ?? Date.now());
  if (Number.isNaN(internalDate.getTime())) throw new Error('receivedAt is no instant.');
  const labelIds = url.searchParams.getAll('label');
  const { id } = mailbox.deliver(body, { internalDate, ...(labelIds.length > 0 && { labelIds }) });
  return json(201, { id });
}

const shown = ({ id, threadId, labelIds, internalDate, raw }: ReturnType<GmailMailbox['all']>[number]) => ({
  id,
  threadId,
  labelIds: [...labelIds],
  receivedAt: new Date(internalDate).toISOString(),
  size: raw.length,
});

/** Whoever drives a simulator wants to read what was wrong. */
function understood(handle: () => Answer): Answer {
  try {
    return handle();
  } catch (error) {
    return json(422, { error: String(error) });
  }
}
