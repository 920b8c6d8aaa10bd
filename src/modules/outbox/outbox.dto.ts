import { z } from 'zod';
import { ListQuery, pageOf } from '../../platform/http/index.js';

const at = z.iso.datetime({ offset: true });
export const STATES = ['queued', 'sending', 'accepted', 'failed', 'unknown', 'cancelled'] as const;
const Route = z.enum(['office365', 'gmail', 'hrbc']);
const Person = z.object({ name: z.string(), address: z.string() });

/** `GET /outbox/messages`. */
export const OutboxListQuery = ListQuery.extend({ state: z.enum(STATES).optional() });
export type OutboxListQuery = z.output<typeof OutboxListQuery>;

export const OutboxPlace = z.object({ queuedAt: z.string(), id: z.string() });

/** `GET /outbox/messages/{id}`. */
export const OutboxMessageQuery = z.strictObject({ remoteContent: z.enum(['block', 'allow']).default('block') });
export type OutboxMessageQuery = z.output<typeof OutboxMessageQuery>;

/** `POST /outbox/messages/{id}/outcome`. */
export const OutcomeInput = z
  .strictObject({ sent: z.boolean().meta({ description: 'What became of a mail whose outcome is unknown' }) })
  .meta({ id: 'OutboxOutcomeInput' });
export type OutcomeInput = z.infer<typeof OutcomeInput>;

export const QueuedMessage = z
  .object({
    id: z.string(),
    state: z.literal('queued'),
    messageId: z.string().meta({ description: 'Fixed now; a provider may replace it' }),
    route: Route,
  })
  .meta({ id: 'QueuedOutboxMessage' });
export type QueuedMessage = z.infer<typeof QueuedMessage>;

const RefusedRecipient = z.object({
  address: z.string(),
  code: z.enum(['recipient_refused', 'recipient_deferred', 'bounced', 'delivery_delayed']),
  detail: z.string(),
  reply: z.number().nullable().meta({ description: 'SMTP reply code (RFC 5321)' }),
  status: z.string().nullable().meta({ description: 'Enhanced status code (RFC 3463)' }),
});
const AttemptResponse = z.object({
  at,
  outcome: z.enum([
    'sending',
    'accepted',
    'partly_accepted',
    'postponed',
    'failed',
    'unknown',
    'bounced',
    'delayed',
    'decided_sent',
    'decided_not_sent',
  ]),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  fixableBy: z.enum(['user', 'admin', 'service']).nullable(),
  refused: z.array(RefusedRecipient),
});
export type AttemptResponse = z.infer<typeof AttemptResponse>;

const summary = {
  id: z.string(),
  state: z.enum(STATES).meta({
    description: 'accepted: the provider took it, which is not yet delivery. unknown: it may have been sent',
  }),
  route: Route,
  from: Person,
  to: z.array(Person),
  cc: z.array(Person),
  bcc: z.array(Person),
  subject: z.string(),
  preview: z.string(),
  messageId: z.string(),
  queuedAt: at,
  size: z.number(),
  hasAttachments: z.boolean(),
  retryAt: at.nullable(),
  sentAs: z.string().nullable().meta({ description: 'The address that the provider put in the place of `from`' }),
  attempts: z.array(AttemptResponse),
};
export const OutboxSummary = z.object(summary).meta({ id: 'OutboxMessageSummary' });
export type OutboxSummary = z.infer<typeof OutboxSummary>;
export const OutboxList = pageOf(OutboxSummary).meta({ id: 'OutboxMessageList' });
export type OutboxList = z.infer<typeof OutboxList>;

export const OutboxDetail = z
  .object({
    ...summary,
    inReplyTo: z.string().nullable(),
    text: z.string().nullable(),
    html: z.string().nullable().meta({
      description:
        'Safe to show: no script, nothing is loaded unasked; images that the mail carries stand in it as data: URLs',
    }),
    htmlPolicy: z.string().nullable().meta({ description: 'Content-Security-Policy of the frame that shows the HTML' }),
    blockedRemote: z.number(),
    attachments: z.array(
      z.object({ index: z.number(), name: z.string(), type: z.string(), size: z.number(), inline: z.boolean() }),
    ),
  })
  .meta({ id: 'OutboxMessage' });
export type OutboxDetail = z.infer<typeof OutboxDetail>;

const FromAddress = z
  .object({
    address: z.string(),
    kind: z.enum(['own', 'additional_1']),
    sendable: z.enum(['yes', 'no', 'unknown']),
    reason: z.string().optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'FromAddress' });
export const FromAddresses = z.array(FromAddress);
export type FromAddresses = z.infer<typeof FromAddresses>;
export { FromAddress };
