import { z } from 'zod';
import { type MailVisibilityAt, type SeenMail } from '../../../platform/audit-trail/index.js';
import { ListQuery } from '../../../platform/http/index.js';
import { instant } from '../events/audit-events.dto.js';

const Decision = z.object({
  basis: z.enum(['default', 'individual', 'erased']).meta({
    description:
      'default: decided by the setting at receipt; individual: by the owner for this mail; erased: it is gone',
  }),
  shared: z.boolean(),
  by: z.string().nullable(),
  at: instant,
  event: z.object({ id: z.string(), type: z.string(), position: z.string() }),
});

export const VisibilityResponse = z
  .object({
    messageId: z.string(),
    at: instant,
    received: z.boolean().meta({ description: 'Whether it had been received at that instant' }),
    readableBy: z.object({
      owner: z.string().nullable().meta({ description: 'The owner of the mailbox; null: nobody could read it' }),
      colleagues: z.boolean().meta({ description: 'Every other user of the company' }),
    }),
    decision: Decision.nullable(),
    history: z.array(Decision),
  })
  .meta({ id: 'MailVisibility' });
export type VisibilityResponse = z.infer<typeof VisibilityResponse>;

/** `GET /audit/users/{userId}/visible-messages`. */
export const SeenMailsQuery = ListQuery.extend({ at: instant.optional() });
export type SeenMailsQuery = z.output<typeof SeenMailsQuery>;
/** The instant goes with the cursor, so that "now" stays the same now from page to page. */
export const SeenMailPlace = z.object({ messageId: z.string(), at: z.string() });

export const SeenMailList = z
  .object({
    at: instant,
    items: z.array(
      z.object({
        messageId: z.string(),
        owner: z.string(),
        receivedAt: instant,
        as: z.enum(['owner', 'colleague']),
        decision: Decision,
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'SeenMailList' });
export type SeenMailList = z.infer<typeof SeenMailList>;

export function toVisibility(
  at: string,
  { messageId, owner, decision, history }: MailVisibilityAt,
): VisibilityResponse {
  const readable = decision !== null && decision.basis !== 'erased';
  return {
    messageId,
    at,
    received: decision !== null,
    readableBy: { owner: readable ? owner : null, colleagues: readable && decision.shared },
    decision,
    history: [...history],
  };
}

export function toSeenMails(at: string, items: readonly SeenMail[], next: string | null): SeenMailList {
  return { at, items: [...items], next };
}
