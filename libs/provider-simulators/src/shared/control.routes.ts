import { type Answer, type Exchange, json, type Route } from './exchange.js';
import { type Fault } from './fault-plan.js';
import { type SimulatorServer } from './simulator-server.js';

/**
 * `/_simulator/faults` and `/_simulator/requests`: whoever tests from another process makes the simulator fail, and sees
 * what it was asked.
 */
export function controlRoutes(server: SimulatorServer): Route[] {
  const faults = { operation: 'control', path: '/_simulator/faults' } as const;
  const requests = { operation: 'control', path: '/_simulator/requests' } as const;
  return [
    { ...faults, method: 'GET', handle: () => json(200, server.faults.list()) },
    { ...faults, method: 'POST', handle: (exchange) => addFault(server, exchange) },
    { ...faults, method: 'DELETE', handle: () => done(() => server.faults.clear()) },
    {
      ...requests,
      method: 'GET',
      handle: ({ url }) => json(200, server.requests.of(url.searchParams.get('operation') ?? '*')),
    },
    { ...requests, method: 'DELETE', handle: () => done(() => server.requests.clear()) },
  ];
}

function addFault(server: SimulatorServer, { body }: Exchange): Answer {
  const fault = parsed(body) as Partial<Fault> | null;
  if (typeof fault?.operation !== 'string' || typeof fault.effect?.kind !== 'string') {
    return json(422, {
      error: 'A fault is { operation, effect: { kind, … }, subject?, times?, probability?, after? }.',
    });
  }
  server.faults.add(fault as Fault);
  return json(201, fault);
}

/** The JSON in a control request; null: there is none. */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null; // told to the caller as a fault of the request
  }
}

export function done(act: () => void): Answer {
  act();
  return { status: 204 };
}
