import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request } from 'express';
import { correlationIdOf } from '../../observability/correlation-id.js';
import { type Caller } from './caller.js';

/** Who, when, in which company, for which request: what deciders and the audit trail get to know of a request. */
export function commandMetadata(caller: Caller, request: Request, now: Date = new Date()): CommandMetadata {
  const correlationId = correlationIdOf(request);
  return {
    company: caller.company,
    actor: { kind: 'user', userId: caller.userId, name: caller.name, roles: caller.roles },
    at: now.toISOString(),
    correlationId,
    causationId: correlationId,
    ...(request.ip !== undefined && { clientAddress: request.ip }),
  };
}
