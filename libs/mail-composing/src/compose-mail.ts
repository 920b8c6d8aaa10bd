import { composedText } from '@libs/composed-text';
import { type Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { toAddrSpec } from './address.js';
import { type Attachment, type MailDraft, type Mailbox } from './mail-draft.js';

/**
 * The mail as MIME, lines ending in CRLF, piece by piece as its attachments are read. Texts are UTF-8; file names
 * stand in it twice, as RFC 2231 has it for Outlook and as RFC 2047 in `name` for older programs. It names no blind
 * recipient.
 */
export function composeMail(draft: MailDraft): Readable {
  const composer = new MailComposer({
    from: mailbox(draft.from),
    to: draft.to.map(mailbox),
    cc: draft.cc.map(mailbox),
    subject: oneLine(draft.subject),
    messageId: draft.messageId,
    date: draft.date,
    headers: { ...draft.headers },
    ...(draft.inReplyTo === null ? {} : { inReplyTo: draft.inReplyTo }),
    ...(draft.references.length === 0 ? {} : { references: [...draft.references] }),
    ...(draft.html === null ? {} : { html: withCrlf(draft.html) }),
    ...textOf(draft),
    attachments: draft.attachments.map(attachment),
    // Nothing that a user writes may make this machine open a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().createReadStream();
}

/**
 * A mail that has no HTML always has a text, an empty line if need be: programs that find neither show the first
 * attachment instead. The library takes an empty string for no text at all, and makes of a single file the whole mail.
 */
function textOf({ text, html }: MailDraft): { readonly text?: string } {
  if (text) return { text: withCrlf(text) };
  return html ? {} : { text: '\r\n' };
}

const mailbox = ({ name, address }: Mailbox) => ({ name: oneLine(name), address: toAddrSpec(address) });

function attachment({ name, type, content, contentId }: Attachment) {
  return {
    filename: oneLine(name),
    contentType: carriedAs(type),
    content,
    contentTransferEncoding: 'base64' as const,
    ...(contentId === null ? {} : { cid: contentId, contentDisposition: 'inline' as const }),
  };
}

/**
 * A mail that is attached (`message/rfc822` and its kin) must not be encoded (RFC 2046, 5.2.1), and Exchange and
 * Thunderbird show one in base64 as empty. Left as it is, it may break the mail around it with lines that are too long
 * or no ASCII, and a signature with line ends that change on the way. So it goes as a file; its name says what it is.
 */
const carriedAs = (type: string): string => (/^message\//i.test(type) ? 'application/octet-stream' : type);

/** RFC 2046, 4.1.1: in a mail, lines of text end in CRLF. */
const withCrlf = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');

/** What ends up in a header holds no line ends and no other control characters, whatever was typed. */
const oneLine = (text: string): string => composedText(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim());
