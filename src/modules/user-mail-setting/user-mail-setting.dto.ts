import { z } from 'zod';

const NO_LINE_BREAKS = /^[^\r\n]*$/;

/** `PUT /me/mail-setting/account` (R34, R35). A password is kept as it is typed, blanks included. */
export const AccountInput = z
  .strictObject({
    mailServerId: z.string().trim().min(1).max(100),
    accountName: z.string().trim().min(1).max(320).regex(NO_LINE_BREAKS),
    password: z.string().min(1).max(1024).regex(NO_LINE_BREAKS),
  })
  .meta({ id: 'AccountInput' });
export type AccountInput = z.infer<typeof AccountInput>;

/** `PUT /me/mail-setting/details` (R28, R29, R31). */
export const DetailsInput = z
  .strictObject({
    importSince: z.iso.date().nullable().meta({ description: 'A Japan-time day; null: only new mail' }),
    shareByDefault: z.boolean(),
  })
  .meta({ id: 'DetailsInput' });
export type DetailsInput = z.infer<typeof DetailsInput>;

const instant = z.iso.datetime({ offset: true }).nullable();
const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  since: z.iso.datetime({ offset: true }),
  fixableBy: z.enum(['user', 'admin', 'service']),
  textForAdmin: z.string().optional().meta({ description: 'To be sent to the Microsoft 365 administrator as it is' }),
});
const ImportProgress = z.object({
  state: z.enum(['running', 'completed', 'failed']),
  since: z.string().nullable(),
  found: z.number(),
  imported: z.number(),
  quarantined: z.number(),
  oldestOnServer: instant,
});
const ServerChoice = z.object({
  id: z.string(),
  service: z.enum(['office365', 'gmail', 'other']),
  name: z.string(),
});

/** `GET /me/mail-setting`. */
export const MailSettingResponse = z
  .object({
    state: z.enum([
      'none',
      'authorized',
      'in_use',
      'action_required',
      'legacy',
      're_registration_required',
      'released',
    ]),
    service: z.enum(['office365', 'gmail', 'other']).nullable(),
    mailServerId: z.string().nullable(),
    address: z.string().meta({ description: "The user's own address, which is the mailbox's" }),
    accountName: z.string().nullable(),
    encryption: z.enum(['ssl', 'starttls', 'none']).nullable(),
    importSince: z.string().nullable(),
    shareByDefault: z.boolean().nullable(),
    recommendedShareByDefault: z.boolean(),
    availableMailServers: z.array(ServerChoice),
    problem: Problem.nullable(),
    lastCheckedAt: instant,
    lastReceivedAt: instant,
    import: ImportProgress.nullable(),
    quarantined: z.number().meta({ description: 'Received mails that cannot be read at present' }),
  })
  .meta({ id: 'MailSetting' });
export type MailSettingResponse = z.infer<typeof MailSettingResponse>;
