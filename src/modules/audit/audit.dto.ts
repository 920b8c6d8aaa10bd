import { z } from 'zod';
import { ListQuery } from '../../platform/http/index.js';
import { type AuditEvent } from './read-model/audit-events.view.js';

const at = z.iso.datetime({ offset: true });
const filter = z.string().min(1).max(200).optional();

/** `GET /audit/events`. */
export const AuditEventsQuery = ListQuery.extend({
  userId: filter,
  actor: filter.meta({ description: 'The user id of who acted' }),
  type: filter,
  since: at.optional(),
  until: at.optional(),
});
export type AuditEventsQuery = z.output<typeof AuditEventsQuery>;
export const AuditPlace = z.object({ position: z.string() });

export const AuditEventResponse = z
  .object({
    position: z.string(),
    id: z.string(),
    type: z.string(),
    at,
    actor: z.object({ kind: z.enum(['user', 'system']), userId: z.string().optional(), name: z.string().optional() }),
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

export function toResponse({ position, id, type, data, metadata, subject }: AuditEvent): AuditEventResponse {
  const { actor, reason, correlationId, causationId, hash, previousHash } = metadata;
  const who = actor.kind === 'user' ? { userId: actor.userId, name: actor.name } : { name: actor.name };
  return {
    position,
    id,
    type,
    at: metadata.at,
    actor: { kind: actor.kind, ...who },
    subject,
    ...(reason === undefined ? {} : { reason }),
    data: data as Record<string, unknown>,
    correlationId,
    causationId,
    hash,
    previousHash,
  };
}
