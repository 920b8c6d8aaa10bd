import { type Answer, type Exchange, formOf, html, redirect, type Route } from '../shared/exchange.js';
import { adminConsentPage, approvalRequiredPage, consentPage, errorPage } from './consent-page.js';
import { type Account, bareScope, type Directory, needsAdministrator } from './directory.js';
import { identityErrorBody } from './identity-error.js';
import { CONSUMER_TENANT } from './microsoft-seed.js';
import { type TokenDesk } from './token-desk.js';

/** What tests may change about the consent page. */
export interface ConsentBehaviour {
  /** Scopes that are not granted although the person agrees. */
  withheld: readonly string[];
  /** The number with which who met "admin approval needed" comes back: 90094, or 65004 as if he had declined. */
  approvalNumber: 65004 | 90094;
}

/** The pages to which a browser is sent: consent of a person, and of an administrator for all. */
export function authorizeRoutes(directory: Directory, desk: TokenDesk, behaviour: ConsentBehaviour): Route[] {
  const authorize = { operation: 'identity.authorize', path: '/:tenant/oauth2/v2.0/authorize' } as const;
  const adminConsent = { operation: 'identity.adminconsent', path: '/:tenant/v2.0/adminconsent' } as const;
  return [
    { ...authorize, method: 'GET', handle: (exchange) => showConsent(directory, exchange) },
    { ...authorize, method: 'POST', handle: (exchange) => decide(directory, desk, behaviour, exchange) },
    { ...adminConsent, method: 'GET', handle: (exchange) => showAdminConsent(directory, exchange) },
    { ...adminConsent, method: 'POST', handle: (exchange) => decideAsAdministrator(directory, exchange) },
  ];
}

function showConsent(directory: Directory, { url, params }: Exchange): Answer {
  const query = url.searchParams;
  const fault = requestFault(directory, query);
  if (fault !== null) return fault;
  const people = directory.people().filter(({ tenantId }) => mayUse(params['tenant'] ?? '', tenantId));
  const scopes = scopesOf(query);
  return html(200, consentPage({ request: query.toString(), people, chosen: query.get('login_hint'), scopes }));
}

function decide(directory: Directory, desk: TokenDesk, behaviour: ConsentBehaviour, exchange: Exchange): Answer {
  const form = formOf(exchange);
  const query = new URLSearchParams(form.get('request') ?? '');
  const fault = requestFault(directory, query);
  if (fault !== null) return fault;
  const account = directory.account(form.get('account') ?? '');
  if (form.get('decision') === 'return') {
    return backWithError(query, 'access_denied', behaviour.approvalNumber, 'The grant requires admin permission');
  }
  if (form.get('decision') !== 'accept' || account === null) {
    return backWithError(query, 'access_denied', 65004, 'User declined to consent to access the app');
  }
  const scopes = scopesOf(query);
  const clientId = query.get('client_id') ?? '';
  const missing = directory.notConsented(clientId, account, scopes);
  if (requiresApproval(directory, account, missing)) {
    return html(200, approvalRequiredPage(query.toString(), account));
  }
  directory.consent(clientId, account.id, scopes);
  const withheld = behaviour.withheld.map(bareScope);
  const code = desk.approve({
    clientId,
    redirectUri: query.get('redirect_uri') ?? '',
    accountId: account.id,
    scopes: scopes.filter((scope) => !withheld.includes(bareScope(scope))),
    nonce: query.get('nonce'),
    codeChallenge: query.get('code_challenge'),
  });
  return back(query, { code });
}

function requiresApproval(directory: Directory, account: Account, missing: readonly string[]): boolean {
  const { consent } = directory.policyOf(account.tenantId);
  return consent === 'admins' && account.administrator !== true && missing.some(needsAdministrator);
}

function showAdminConsent(directory: Directory, { url, params }: Exchange): Answer {
  const query = url.searchParams;
  // "common" is not accepted there (v2-admin-consent): an administrator is one of an organisation.
  const fault =
    params['tenant'] === 'common' ? failed(90009, 'The tenant must be named') : requestFault(directory, query);
  if (fault !== null) return fault;
  const administrators = directory.people().filter(({ administrator }) => administrator === true);
  return html(200, adminConsentPage(query.toString(), administrators, scopesOf(query)));
}

function decideAsAdministrator(directory: Directory, exchange: Exchange): Answer {
  const form = formOf(exchange);
  const query = new URLSearchParams(form.get('request') ?? '');
  const fault = requestFault(directory, query);
  if (fault !== null) return fault;
  const account = directory.account(form.get('account') ?? '');
  if (form.get('decision') !== 'accept' || account?.administrator !== true) {
    return backWithError(query, 'access_denied', 65004, 'The administrator declined to consent');
  }
  directory.policyOf(account.tenantId).adminConsent = scopesOf(query);
  return back(query, { admin_consent: 'True', tenant: account.tenantId, scope: query.get('scope') ?? '' });
}

/** What is shown instead of going back: to an address that was not registered nobody is sent. */
function requestFault(directory: Directory, query: URLSearchParams): Answer | null {
  const app = directory.app(query.get('client_id') ?? '');
  if (app === null) return failed(700016, 'Application was not found in the directory');
  const redirectUri = query.get('redirect_uri') ?? '';
  const registered = app.redirectUris?.includes(redirectUri) ?? isLoopback(redirectUri);
  return registered ? null : failed(50011, 'The redirect URI does not match those configured for the application');
}

function isLoopback(uri: string): boolean {
  return URL.canParse(uri) && ['localhost', '127.0.0.1'].includes(new URL(uri).hostname);
}

/** Organisations only, personal accounts only, one tenant, or all of them (`common`). */
function mayUse(endpoint: string, tenantId: string): boolean {
  if (endpoint === 'common') return true;
  if (endpoint === 'organizations') return tenantId !== CONSUMER_TENANT;
  return endpoint === tenantId || (endpoint === 'consumers' && tenantId === CONSUMER_TENANT);
}

const scopesOf = (query: URLSearchParams): string[] =>
  (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
const failed = (number: number, text: string): Answer => html(400, errorPage(number, text));

function backWithError(query: URLSearchParams, error: string, number: number, text: string): Answer {
  return back(query, { error, error_description: identityErrorBody({ error, number, text }).error_description });
}

function back(query: URLSearchParams, answer: Readonly<Record<string, string>>): Answer {
  const url = new URL(query.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  const state = query.get('state');
  if (state !== null) url.searchParams.set('state', state);
  return redirect(url.href);
}
