import { isAddress, isMessageId, type Mailbox } from '@libs/mail-composing';
import { z } from 'zod';
import { fault } from '../../../platform/http/index.js';

/** Of to, cc and bcc together: Exchange Online and Gmail take no mail to more. */
const MOST_RECIPIENTS = 500;
const MEDIA_TYPE = /^(?!multipart\/)[a-z0-9!#$&^.+-]{1,63}\/[a-z0-9!#$&^.+-]{1,63}$/i;
const NO_LINE_BREAKS = /^[^\r\n]*$/;

/** `taro@example.jp` or `山田 太郎 <taro@example.jp>`. */
const NAMED = /^\s*(?<name>[^<>]*?)\s*<(?<address>[^<>]+)>\s*$/;

export function mailboxIn(text: string): Mailbox {
  const { name = '', address = text.trim() } = NAMED.exec(text)?.groups ?? {};
  return { name: name.replace(/^"(.*)"$/, '$1'), address: address.trim() };
}

/** What can be wrong with a field of a mail only. */
export const mailFieldFaults = {
  invalid_address: {
    ja: 'メールアドレスとして正しくありません。',
    en: 'This is not a mail address.',
  },
  invalid_base64: {
    ja: 'base64 として正しくありません。',
    en: 'This is not base64.',
  },
  too_many_recipients: {
    ja: `1通のメールの宛先は、to・cc・bccを合わせて${MOST_RECIPIENTS}件までです。宛先を分けて送信してください。`,
    en: `One mail goes to at most ${MOST_RECIPIENTS} recipients, those in to, cc and bcc together. Part them among several mails.`,
  },
};

const Address = z
  .string()
  .max(600)
  .regex(NO_LINE_BREAKS)
  .refine((text) => isAddress(mailboxIn(text).address), fault('invalid_address', mailFieldFaults.invalid_address))
  .meta({ description: 'address, or name <address>' });

const Addresses = z
  .array(Address)
  .max(MOST_RECIPIENTS)
  .meta({ description: `At most ${MOST_RECIPIENTS} in to, cc and bcc together` });

/** Linear, unlike a regular expression over the whole of it: an attachment may have tens of megabytes. */
const isBase64 = (text: string): boolean => text.length % 4 === 0 && !/[^A-Za-z0-9+/=]/.test(text);

const AttachmentInput = z.strictObject({
  name: z.string().trim().min(1).max(255),
  type: z.string().regex(MEDIA_TYPE).default('application/octet-stream'),
  contentBase64: z.string().refine(isBase64, fault('invalid_base64', mailFieldFaults.invalid_base64)),
  contentId: z
    .string()
    .regex(/^[\w.@+-]{1,200}$/)
    .optional()
    .meta({ description: 'By this the HTML names an image of the mail: <img src="cid:…">' }),
});

const fields = {
  from: Address.optional(),
  to: Addresses.default([]),
  cc: Addresses.default([]),
  bcc: Addresses.default([]),
  subject: z.string().max(2_000).default(''),
  text: z.string().optional(),
  html: z.string().optional(),
  inReplyTo: z
    .string()
    .max(900)
    .refine(
      (value) => isMessageId(value) || /^[\w.:-]{1,200}$/.test(value),
      fault('invalid_format', {
        ja: '受信メールのID、または <…@…> の形式の Message-ID を指定してください。',
        en: 'Give the id of a received mail, or a Message-ID of the form <…@…>.',
      }),
    ) // prettier-ignore
    .optional()
    .meta({ description: 'The mail this answers: its id here, or its Message-ID' }),
};

type WithRecipients = {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
};
const recipientsOf = ({ to, cc, bcc }: WithRecipients): number => to.length + cc.length + bcc.length;
const hasRecipient = (mail: WithRecipients): boolean => recipientsOf(mail) > 0;
const fitsOneMail = (mail: WithRecipients): boolean => recipientsOf(mail) <= MOST_RECIPIENTS;
const recipientFault = {
  path: ['to'],
  ...fault('required', { ja: '宛先を1件以上指定してください。', en: 'At least one recipient is needed.' }),
};
const crowdFault = {
  path: ['to'],
  ...fault('too_many_recipients', mailFieldFaults.too_many_recipients),
};

/** `POST /outbox/messages` as JSON. */
export const MailInput = z
  .strictObject({ ...fields, attachments: z.array(AttachmentInput).max(100).default([]) })
  .refine(hasRecipient, recipientFault)
  .refine(fitsOneMail, crowdFault)
  .meta({ id: 'OutboxMailInput' });
export type MailInput = z.output<typeof MailInput>;

/** The same as multipart/form-data: the files come as parts of their own. */
export const MailFormInput = z
  .strictObject(fields)
  .refine(hasRecipient, recipientFault)
  .refine(fitsOneMail, crowdFault);
export type MailFormInput = z.output<typeof MailFormInput>;

/** `MailFormInput` for the documentation, with what forms alone can say. */
export const documentedForm = {
  type: 'object',
  description: 'Field by field, or all of it but the files as JSON in one field `message`',
  properties: {
    ...documentedFields(),
    message: { type: 'string', description: 'OutboxMailInput without attachments, as JSON; then no other text field' },
    attachments: {
      type: 'array',
      items: { type: 'string', format: 'binary' },
      description:
        'Files, under any name of field; as `inline:logo@mail` it is the image that the HTML names by cid:logo@mail',
    },
  },
};

function documentedFields(): object {
  const { properties = {} } = z.toJSONSchema(z.object(fields), { io: 'input', unrepresentable: 'any' });
  return properties;
}
