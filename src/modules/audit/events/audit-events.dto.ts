import { type RecordedEvent } from '@libs/eventsourcing';
import { z } from 'zod';
import { ListQuery } from '../../../platform/http/index.js';
import { type AuditFilter, subjectOf } from './audit-events.view.js';

export const instant = z.iso.datetime({ offset: true });
const text = z.string().min(1).max(200).optional();

/** What events can be searched by; the same for the list and the export. */
export const auditFilterFields = {
  userId: text.meta({ description: 'The person whom the event is about' }),
  actor: text.meta({ description: 'The user id of who acted' }),
  actorKind: z.enum(['user', 'system']).optional(),
  type: text,
  subjectKind: text.meta({ description: 'What it is about: mailServer, userMailSetting, inbox, message, …' }),
  subjectId: text,
  since: instant.optional().meta({ description: 'At this instant or later' }),
  until: instant.optional().meta({ description: 'Before this instant' }),
};
type AuditFilterQuery = z.output<z.ZodObject<typeof auditFilterFields>>;

/** `GET /audit/events`. */
export const AuditEventsQuery = ListQuery.extend({
  ...auditFilterFields,
  order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'Oldest or newest first' }),
});
export type AuditEventsQuery = z.output<typeof AuditEventsQuery>;
export const AuditPlace = z.object({ position: z.string().max(100) });

export const AuditEventResponse = z
  .object({
    position: z.string(),
    id: z.string(),
    type: z.string(),
    at: instant,
    actor: z.object({
      kind: z.enum(['user', 'system']),
      userId: z.string().optional(),
      name: z.string().optional(),
      roles: z.array(z.string()).optional(),
    }),
    clientAddress: z.string().optional(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    reason: z.string().optional(),
    data: z.record(z.string(), z.unknown()),
    correlationId: z.string(),
    causationId: z.string(),
    hash: z.string(),
    previousHash: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEventResponse = z.infer<typeof AuditEventResponse>;
export const AuditEventList = z
  .object({ items: z.array(AuditEventResponse), next: z.string().nullable() })
  .meta({ id: 'AuditEventList' });
export type AuditEventList = z.infer<typeof AuditEventList>;

/** The filter that a query asks for; instants become UTC, as they are stored. */
export function toFilter(company: string, query: AuditFilterQuery): AuditFilter {
  const { userId, actor: actorId, actorKind, type, subjectKind, subjectId, since, until } = query;
  return { company, userId, actorId, actorKind, type, subjectKind, subjectId, since: utc(since), until: utc(until) };
}

const utc = (at: string | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

export function toResponse({ position, id, type, data, metadata, stream }: RecordedEvent): AuditEventResponse {
  const { actor, at, reason, clientAddress, correlationId, causationId, hash, previousHash } = metadata;
  return {
    position,
    id,
    type,
    at,
    actor: actor.kind === 'user' ? { ...actor, roles: [...actor.roles] } : actor,
    ...(clientAddress === undefined ? {} : { clientAddress }),
    subject: subjectOf(stream),
    ...(reason === undefined ? {} : { reason }),
    data: data as Record<string, unknown>,
    correlationId,
    causationId,
    hash,
    previousHash,
  };
}
