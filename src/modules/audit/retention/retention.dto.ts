import { z } from 'zod';
import { instant } from '../events/audit-events.dto.js';
import { type RetentionDocument } from './retention.projection.js';

/** `PUT /admin/retention`. Thirty days are the least, so that a slip of the hand does not empty mailboxes. */
export const RetentionInput = z
  .strictObject({
    mailDays: z.int().min(30).max(36_500).nullable().meta({ description: 'Days from receipt; null: for ever' }),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'RetentionInput' });
export type RetentionInput = z.output<typeof RetentionInput>;

export const RetentionResponse = z
  .object({
    mailDays: z.number().nullable().meta({ description: 'Days from receipt; null: for ever' }),
    decidedAt: instant.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Retention' });
export type RetentionResponse = z.infer<typeof RetentionResponse>;

export function toRetention(decided: RetentionDocument | null): RetentionResponse {
  if (decided === null) return { mailDays: null, decidedAt: null, reason: null };
  const { mailDays, decidedAt, reason } = decided;
  return { mailDays, decidedAt, reason };
}
