import { z } from 'zod';
import { ListQuery } from '../../platform/http/index.js';
import { type InboxMessage } from './read-model/inbox-messages.view.js';

const at = z.iso.datetime({ offset: true });

/** `GET /inbox/messages`. */
export const MessageListQuery = ListQuery.extend({
  scope: z.enum(['mine', 'shared']).default('mine'),
  q: z.string().trim().min(1).max(200).optional(),
  from: z.string().trim().min(1).max(320).optional(),
  since: at.optional(),
  until: at.optional(),
  shared: z.enum(['true', 'false']).optional(),
  state: z.enum(['ok', 'quarantined']).optional(),
});
export type MessageListQuery = z.output<typeof MessageListQuery>;

export const MessagePlace = z.object({ receivedAt: z.iso.datetime(), id: z.string() });

/** `GET /inbox/messages/{id}`. */
export const MessageQuery = z.strictObject({ remoteContent: z.enum(['block', 'allow']).default('block') });
export type MessageQuery = z.output<typeof MessageQuery>;

export const SharingInput = z.strictObject({ shared: z.boolean() }).meta({ id: 'SharingInput' });
export type SharingInput = z.infer<typeof SharingInput>;

export const BulkSharingInput = z
  .strictObject({ ids: z.array(z.string().min(1).max(100)).min(1).max(200), shared: z.boolean() })
  .meta({ id: 'BulkSharingInput' });
export type BulkSharingInput = z.infer<typeof BulkSharingInput>;

const Person = z.object({ name: z.string(), address: z.string() });
const summary = {
  id: z.string(),
  mailbox: z.object({ userId: z.string(), address: z.string().nullable() }),
  from: Person.nullable(),
  to: z.array(Person).meta({ description: 'In lists the first 50; of one mail all, at most 2,000' }),
  subject: z.string(),
  preview: z.string(),
  receivedAt: at,
  size: z.number(),
  hasAttachments: z.boolean(),
  shared: z.boolean(),
  state: z.enum(['ok', 'quarantined']),
};
export const MessageSummary = z.object(summary).meta({ id: 'MessageSummary' });
export type MessageSummary = z.infer<typeof MessageSummary>;
export const MessageList = z
  .object({ items: z.array(MessageSummary), next: z.string().nullable() })
  .meta({ id: 'MessageList' });
export type MessageList = z.infer<typeof MessageList>;

const Sharing = z.object({
  shared: z.boolean(),
  basis: z.enum(['default', 'individual']),
  by: z.string(),
  at,
});
const Quarantine = z
  .object({
    reason: z.string().meta({ description: 'Stable code of why it cannot be read' }),
    hasSource: z.boolean().meta({ description: 'false: the mail server would not hand it over' }),
  })
  .meta({ id: 'Quarantine' });
export const RereadingResult = z
  .object({
    id: z.string().meta({ description: 'Another id than before if only now the content is known' }),
    state: z.enum(['ok', 'quarantined']),
    reason: z.string().nullable(),
  })
  .meta({ id: 'RereadingResult' });
export type RereadingResult = z.infer<typeof RereadingResult>;

export const MessageDetail = z
  .object({
    ...summary,
    cc: z.array(Person),
    messageId: z.string().nullable(),
    inReplyTo: z.string().nullable(),
    text: z.string().nullable(),
    html: z
      .string()
      .nullable()
      .meta({ description: 'Safe to show: no script, nothing is loaded unasked, images of the mail stand in it' }),
    htmlPolicy: z.string().nullable().meta({ description: 'Content-Security-Policy of the frame that shows `html`' }),
    blockedRemote: z.number().meta({ description: 'Remote resources that were left out' }),
    attachments: z.array(
      z.object({ index: z.number(), name: z.string(), type: z.string(), size: z.number(), inline: z.boolean() }),
    ),
    sharing: Sharing,
    quarantine: Quarantine.nullable(),
  })
  .meta({ id: 'Message' });
export type MessageDetail = z.infer<typeof MessageDetail>;

export const SharingResult = z
  .object({ items: z.array(z.object({ id: z.string(), sharing: Sharing })) })
  .meta({ id: 'SharingResult' });
export type SharingResult = z.infer<typeof SharingResult>;

/** Recipients that lists show; a mail may have thousands. */
const MOST_RECIPIENTS = 50;

/** @param addresses the mailboxes' addresses by user id */
export function toSummary(message: InboxMessage, addresses: ReadonlyMap<string, string | null>): MessageSummary {
  const { id, userId, from, to, subject, preview, receivedAt, size, hasAttachments, shared, quarantined } = message;
  return {
    id,
    mailbox: { userId, address: addresses.get(userId) ?? null },
    from,
    to: to.slice(0, MOST_RECIPIENTS),
    subject,
    preview,
    receivedAt: receivedAt.toISOString(),
    size,
    hasAttachments,
    shared,
    state: quarantined ? 'quarantined' : 'ok',
  };
}
