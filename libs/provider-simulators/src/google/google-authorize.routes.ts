import { type Answer, type Exchange, formOf, html, redirect, type Route } from '../shared/exchange.js';
import { audienceOf, type GoogleAccounts } from './google-accounts.js';
import { googleConsentPage, googleErrorPage, isTickable } from './google-consent-page.js';
import { type ClientSeed } from './google-seed.js';
import { type GoogleTokenDesk } from './google-token-desk.js';

/** The page to which a browser is sent for consent. */
export function googleAuthorizeRoutes(accounts: GoogleAccounts, desk: GoogleTokenDesk): Route[] {
  const authorize = { operation: 'oauth.authorize', path: '/o/oauth2/v2/auth' } as const;
  return [
    { ...authorize, method: 'GET', handle: (exchange) => show(accounts, exchange, 'closed') },
    { ...authorize, method: 'POST', handle: (exchange) => decide(accounts, desk, exchange) },
  ];
}

function show(accounts: GoogleAccounts, { url }: Exchange, warning: 'closed' | 'opened'): Answer {
  const query = url.searchParams;
  const client = clientOf(accounts, query);
  if (isAnswer(client)) return client;
  return html(
    200,
    googleConsentPage({
      request: query.toString(),
      people: accounts.people(),
      chosen: query.get('login_hint'),
      scopes: scopesOf(query),
      warning: audienceOf(client) === 'unverified' ? warning : 'none',
    }),
  );
}

function decide(accounts: GoogleAccounts, desk: GoogleTokenDesk, exchange: Exchange): Answer {
  const form = formOf(exchange);
  const query = new URLSearchParams(form.get('request') ?? '');
  const client = clientOf(accounts, query);
  if (isAnswer(client)) return client;
  const account = accounts.account(form.get('account') ?? '');
  if (form.get('decision') !== 'accept' || account === null) return back(query, { error: 'access_denied' });
  switch (audienceOf(client)) {
    case 'internal':
      if (!account.email.endsWith(`@${client.domain}`)) return blocked(403, 'org_internal');
      break;
    case 'unverified':
      if (form.get('unsafe') !== 'yes') return show(accounts, { ...exchange, url: urlWith(exchange, query) }, 'opened');
      break;
    case 'testing':
      break;
  }
  return approve(desk, client, account.email, query, form.getAll('scope'));
}

function approve(
  desk: GoogleTokenDesk,
  client: ClientSeed,
  email: string,
  query: URLSearchParams,
  ticked: readonly string[],
): Answer {
  const scopes = scopesOf(query).filter((scope) => !isTickable(scope) || ticked.includes(scope));
  const code = desk.approve({
    clientId: client.clientId,
    redirectUri: query.get('redirect_uri') ?? '',
    email,
    scopes,
    // Without prompt=consent a page would be shown at the first time only; this one is always shown.
    offline: query.get('access_type') === 'offline' && (query.get('prompt') ?? '').includes('consent'),
    codeChallenge: query.get('code_challenge'),
  });
  return back(query, { code, scope: scopes.join(' ') });
}

/** What is shown instead of going back: to an address that was not registered nobody is sent. */
function clientOf(accounts: GoogleAccounts, query: URLSearchParams): ClientSeed | Answer {
  const client = accounts.client(query.get('client_id') ?? '');
  if (client === null) return blocked(401, 'invalid_client');
  if (client.deleted) return blocked(401, 'deleted_client');
  const redirectUri = query.get('redirect_uri') ?? '';
  const registered = client.redirectUris?.includes(redirectUri) ?? isLoopback(redirectUri);
  return registered ? client : blocked(400, 'redirect_uri_mismatch');
}

const isAnswer = (found: ClientSeed | Answer): found is Answer => 'status' in found;
const blocked = (status: number, error: string): Answer => html(status, googleErrorPage(status, error));
const isLoopback = (uri: string): boolean =>
  URL.canParse(uri) && ['localhost', '127.0.0.1'].includes(new URL(uri).hostname);
const scopesOf = (query: URLSearchParams): string[] =>
  (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');

function urlWith({ url }: Exchange, query: URLSearchParams): URL {
  const again = new URL(url);
  again.search = query.toString();
  return again;
}

function back(query: URLSearchParams, answer: Readonly<Record<string, string>>): Answer {
  const url = new URL(query.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  const state = query.get('state');
  if (state !== null) url.searchParams.set('state', state);
  return redirect(url.href);
}
