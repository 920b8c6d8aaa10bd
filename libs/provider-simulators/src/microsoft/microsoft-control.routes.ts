import { type Answer, type Exchange, json, type Route } from '../shared/exchange.js';
import { done, parsed } from '../shared/control.routes.js';
import { type ConsentBehaviour } from './authorize.routes.js';
import { type DeltaBehaviour } from './delta-messages.js';
import { type Account, type Directory } from './directory.js';
import { type UserSeed } from './microsoft-seed.js';
import { type SigningKeys } from './signing-keys.js';
import { type SimulatedMailbox } from './simulated-mailbox.js';
import { type TokenDesk } from './token-desk.js';

/** What can be done to the simulated world from outside. */
interface ControlledWorld {
  readonly directory: Directory;
  readonly desk: TokenDesk;
  readonly keys: SigningKeys;
  readonly consent: ConsentBehaviour;
  readonly delta: DeltaBehaviour;
  mailbox(name: string): SimulatedMailbox;
  account(name: string): Account;
  revoke(name: string): void;
}

/** `/_simulator/…`: what a person or a test in another process does to the simulated world. */
export function microsoftControlRoutes(simulator: ControlledWorld): Route[] {
  const route = (method: Route['method'], path: string, handle: (exchange: Exchange) => Answer): Route => ({
    operation: 'control',
    method,
    path: `/_simulator${path}`,
    handle: (exchange) => understood(() => handle(exchange)),
  });
  const nameOf = ({ params }: Exchange): string => params['name'] ?? '';
  return [
    route('GET', '/people', () => json(200, simulator.directory.people())),
    // The body is the mail as it was received.
    route('POST', '/people/:name/mails', (exchange) => deliver(simulator, exchange)),
    route('GET', '/people/:name/mails', (exchange) => json(200, simulator.mailbox(nameOf(exchange)).snapshot())),
    route('PATCH', '/people/:name', (exchange) =>
      json(200, simulator.directory.change(nameOf(exchange), parsed(exchange.body) as Partial<UserSeed>)),
    ),
    route('POST', '/people/:name/revoke', (exchange) => done(() => simulator.revoke(nameOf(exchange)))),
    route('POST', '/people/:name/expire-delta', (exchange) =>
      done(() => simulator.mailbox(nameOf(exchange)).expireDeltaTokens()),
    ),
    route('POST', '/people/:name/expire-access', (exchange) =>
      done(() => simulator.desk.expireAccessTokens(simulator.account(nameOf(exchange)).id)),
    ),
    route('POST', '/keys/roll', () => done(() => simulator.keys.roll())),
    route('PATCH', '/tenants/:name', (exchange) =>
      json(200, Object.assign(simulator.directory.policyOf(nameOf(exchange)), parsed(exchange.body))),
    ),
    route('PATCH', '/delta', (exchange) => json(200, Object.assign(simulator.delta, parsed(exchange.body)))),
    route('PATCH', '/consent', (exchange) => json(200, Object.assign(simulator.consent, parsed(exchange.body)))),
  ];
}

function deliver(simulator: ControlledWorld, { params, url, body }: Exchange): Answer {
  const receivedAt = new Date(url.searchParams.get('receivedAt') ?? Date.now());
  if (Number.isNaN(receivedAt.getTime())) throw new Error('receivedAt is no instant.');
  const folder = url.searchParams.get('folder') ?? undefined;
  return json(201, { id: simulator.mailbox(params['name'] ?? '').deliver(body, receivedAt, folder) });
}

/** Whoever drives a simulator wants to read what was wrong. */
function understood(handle: () => Answer): Answer {
  try {
    return handle();
  } catch (error) {
    return json(422, { error: String(error) });
  }
}
