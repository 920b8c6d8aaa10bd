import { z } from 'zod';
import { instant } from '../events/audit-events.dto.js';
import { type ErasedPersonDocument } from './erased-people.projection.js';

/** `POST /admin/people/{userId}/erasure`. */
export const ErasureInput = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).meta({
      description: 'Stays on the record for good, in the open: no names, no addresses',
    }),
  })
  .meta({ id: 'ErasureInput' });
export type ErasureInput = z.output<typeof ErasureInput>;

export const ErasureResponse = z
  .object({
    userId: z.string(),
    state: z.enum(['erasing', 'erased']),
    decidedAt: instant,
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
    erasedAt: instant.nullable(),
  })
  .meta({ id: 'Erasure' });
export type ErasureResponse = z.infer<typeof ErasureResponse>;

export function toErasure({ userId, decidedAt, decidedBy, reason, erasedAt }: ErasedPersonDocument): ErasureResponse {
  return { userId, state: erasedAt === null ? 'erasing' : 'erased', decidedAt, decidedBy, reason, erasedAt };
}
