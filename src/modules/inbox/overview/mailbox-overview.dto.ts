import { z } from 'zod';
import { ListQuery } from '../../../platform/http/index.js';

const instant = z.iso.datetime({ offset: true });
const FixableBy = z.enum(['user', 'admin', 'service']);

/** `GET /admin/mailboxes`. */
export const MailboxListQuery = ListQuery.extend({
  state: z.string().min(1).max(40).optional(),
  problem: z.string().min(1).max(60).optional(),
});
export type MailboxListQuery = z.output<typeof MailboxListQuery>;

/** A place in the list, as a cursor names it. */
export const MailboxPlace = z.object({ userId: z.string() });

const Fault = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  fixableBy: FixableBy,
  mailServerId: z.string().nullable(),
  mailServerName: z.string().nullable(),
  count: z.number().meta({ description: 'Mailboxes that it concerns' }),
  since: instant,
});

const AdminMailbox = z.object({
  userId: z.string(),
  address: z.string().nullable(),
  state: z.string(),
  mailServerId: z.string().nullable(),
  mailServerName: z.string().nullable(),
  problem: z.object({ code: z.string(), detail: z.string(), since: instant, fixableBy: FixableBy }).nullable(),
  lastCheckedAt: instant.nullable(),
  lastReceivedAt: instant.nullable(),
  quarantined: z.number(),
});
export type AdminMailbox = z.infer<typeof AdminMailbox>;

export const AdminMailboxList = z
  .object({
    summary: z.object({
      total: z.number(),
      states: z.record(z.string(), z.number()),
      problems: z.array(Fault),
      quarantined: z.number(),
    }),
    items: z.array(AdminMailbox),
    next: z.string().nullable(),
  })
  .meta({ id: 'AdminMailboxList' });
export type AdminMailboxList = z.infer<typeof AdminMailboxList>;
