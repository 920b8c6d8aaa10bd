import { type Answer, bearerOf, type Exchange, type Route } from '../shared/exchange.js';
import { type GoogleAccounts } from './google-accounts.js';
import { gmailError, type GmailRefusal, gmailRefusals, RefusedByGmail } from './google-error.js';
import { type Grant, type GoogleTokenDesk } from './google-token-desk.js';
import { type GmailMailbox } from './gmail-mailbox.js';
import { type GmailQuota } from './gmail-quota.js';

const SCOPES = 'https://www.googleapis.com/auth/';
export const READ = `${SCOPES}gmail.readonly`;
export const SEND = `${SCOPES}gmail.send`;

/** All that the Gmail API's routes work with. */
export interface GmailWorld {
  readonly accounts: GoogleAccounts;
  readonly desk: GoogleTokenDesk;
  readonly quota: GmailQuota;
  mailbox(this: void, email: string): GmailMailbox;
}

/** One method of the API: what it costs, what it needs, what it does with the caller's mailbox. */
export interface GmailMethod {
  readonly operation: string;
  readonly method: Route['method'];
  /** Below `/gmail/v1/users/:userId`, or a whole path. */
  readonly path: string;
  readonly units: number | ((quota: GmailQuota) => number);
  readonly scope: string;
  readonly handle: (mailbox: GmailMailbox, exchange: Exchange) => Answer;
}

/** The checks before every method: token, project, scope, mailbox, quota — in Google's order. */
export function gmailRoute(world: GmailWorld, { handle, path, units, scope, ...method }: GmailMethod): Route {
  return {
    ...method,
    path: path.startsWith('/upload') ? path : `/gmail/v1/users/:userId${path}`,
    subject: (exchange) => world.desk.grantOf(bearerOf(exchange))?.email ?? null,
    handle: (exchange) => {
      const grant = world.desk.grantOf(bearerOf(exchange));
      const refusal = grant === null ? gmailRefusals.authError : refusalFor(world, grant, scope, exchange);
      if (grant === null || refusal !== null) return gmailError(refusal ?? gmailRefusals.authError);
      const price = typeof units === 'number' ? units : units(world.quota);
      if (!world.quota.spend(grant.email, price)) return gmailError(gmailRefusals.rateLimitExceeded);
      try {
        return handle(world.mailbox(grant.email), exchange);
      } catch (error) {
        if (error instanceof RefusedByGmail) return gmailError(error.refusal);
        throw error;
      }
    },
  };
}

function refusalFor({ accounts }: GmailWorld, grant: Grant, scope: string, { params }: Exchange): GmailRefusal | null {
  if (accounts.client(grant.clientId)?.apiEnabled === false) return gmailRefusals.accessNotConfigured;
  if (!grant.scopes.includes(scope)) return gmailRefusals.insufficientPermissions;
  const user = params['userId'] ?? '';
  if (user !== 'me' && user.toLowerCase() !== grant.email)
    return { ...gmailRefusals.authError, status: 403, reason: 'forbidden', message: 'Delegation denied' };
  return accounts.account(grant.email)?.mailbox === 'none' ? gmailRefusals.mailServiceNotEnabled : null;
}
