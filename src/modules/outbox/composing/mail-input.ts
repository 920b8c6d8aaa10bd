import { isAddress, isMessageId, type Mailbox } from '@libs/mail-composing';
import { z } from 'zod';
import { fault } from '../../../platform/http/index.js';

const MOST_RECIPIENTS = 500;
const MEDIA_TYPE = /^(?!multipart\/)[a-z0-9!#$&^.+-]{1,63}\/[a-z0-9!#$&^.+-]{1,63}$/i;
const NO_LINE_BREAKS = /^[^\r\n]*$/;

/** `taro@example.jp` or `山田 太郎 <taro@example.jp>`. */
const NAMED = /^\s*(?<name>[^<>]*?)\s*<(?<address>[^<>]+)>\s*$/;

export function mailboxIn(text: string): Mailbox {
  const { name = '', address = text.trim() } = NAMED.exec(text)?.groups ?? {};
  return { name: name.replace(/^"(.*)"$/, '$1'), address: address.trim() };
}

const Address = z
  .string()
  .max(600)
  .regex(NO_LINE_BREAKS)
  .refine(
    (text) => isAddress(mailboxIn(text).address),
    fault('invalid_address', {
      ja: 'メールアドレスとして正しくありません。',
      en: 'This is not a mail address.',
    }),
  ) // prettier-ignore
  .meta({ description: 'address, or name <address>' });

const Addresses = z.array(Address).max(MOST_RECIPIENTS);

/** Linear, unlike a regular expression over the whole of it: an attachment may have tens of megabytes. */
const isBase64 = (text: string): boolean => text.length % 4 === 0 && !/[^A-Za-z0-9+/=]/.test(text);

const AttachmentInput = z.strictObject({
  name: z.string().trim().min(1).max(255),
  type: z.string().regex(MEDIA_TYPE).default('application/octet-stream'),
  contentBase64: z.string().refine(isBase64, fault('invalid_base64', {
    ja: 'base64 として正しくありません。',
    en: 'This is not base64.',
  })), // prettier-ignore
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
const hasRecipient = ({ to, cc, bcc }: WithRecipients): boolean => to.length + cc.length + bcc.length > 0;
const recipientFault = {
  path: ['to'],
  ...fault('required', { ja: '宛先を1件以上指定してください。', en: 'At least one recipient is needed.' }),
};

/** `POST /outbox/messages` as JSON. */
export const MailInput = z
  .strictObject({ ...fields, attachments: z.array(AttachmentInput).max(100).default([]) })
  .refine(hasRecipient, recipientFault)
  .meta({ id: 'OutboxMailInput' });
export type MailInput = z.output<typeof MailInput>;

/** The same as multipart/form-data: the files come as parts of their own. */
export const MailFormInput = z.strictObject(fields).refine(hasRecipient, recipientFault);
export type MailFormInput = z.output<typeof MailFormInput>;
