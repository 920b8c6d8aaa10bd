import { headerLine } from '../header/unfold.js';
import { htmlToText } from '../html/html-to-text.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { limitsOf } from '../parse-limits.js';
import { type MimePart } from '../mime/mime-part.js';
import { parseMimeTree } from '../mime/parse-mime-tree.js';
import { partTextBeginning } from '../mime/part-text.js';
import { type DeliveryReport, type ReportedRecipient } from './delivery-report.js';
import { reportedRecipients } from './delivery-status.js';
import { recipientsInWords } from './free-text-report.js';

/** What stands behind this belongs to the returned mail's body, which says nothing about its delivery. */
const LOOKED_AT = 512 * 1024;
const LIMITS = limitsOf({ limits: { headerBytes: 256 * 1024, parts: 50, depth: 10 } });

/** The fields in which mail systems write for whom a mail is (the envelope's recipient, RFC 5321). */
const RECEIVER_FIELDS = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'to'] as const;
const STATUS_TYPES = new Set(['message/delivery-status', 'message/global-delivery-status']);

/**
 * Reads a mail as a report about the delivery of another one. null: it is none, such as an answer by an absent person,
 * or it reports nothing bad. Linear in a bounded beginning of the mail; never throws.
 */
export function readDeliveryReport(source: Buffer): DeliveryReport | null {
  const parts = partsOf(source.subarray(0, LOOKED_AT));
  const [root] = parts;
  if (root === undefined) return null;
  const status = parts.find(({ type }) => STATUS_TYPES.has(type));
  const recipients = status ? reportedRecipients(latin1Of(status)) : inWords(root, parts);
  if (recipients.length === 0) return null;
  return { recipients, places: placesOf(root, parts) };
}

function partsOf(source: Buffer): MimePart[] {
  try {
    return [...parseMimeTree(source, LIMITS).walk()];
  } catch (error) {
    if (error instanceof MailUnreadable) return [];
    throw error;
  }
}

/** RFC 3834, 5: what a person's mailbox answers by itself. Postfix says so of its reports, too, but those have a form. */
const isAutomaticReply = (root: MimePart): boolean =>
  /^\s*auto-replied/i.test(root.headers.first('auto-submitted') ?? '') || root.headers.first('x-autoreply') !== null;

/** Only what a mail system wrote: people, too, write of addresses and of mail that did not arrive. */
function inWords(root: MimePart, parts: readonly MimePart[]): ReportedRecipient[] {
  const named = (field(root, 'x-failed-recipients') ?? '').split(/[\s,]+/).filter((text) => text.includes('@'));
  if (isAutomaticReply(root) || (named.length === 0 && !isFromSystem(root))) return [];
  const text = parts.find(({ type }) => type === 'text/plain') ?? parts.find(({ type }) => type === 'text/html');
  const words = text === undefined ? '' : partTextBeginning(text, LOOKED_AT);
  return recipientsInWords(text?.type === 'text/html' ? htmlToText(words) : words, named);
}

/** RFC 5321, 4.5.5: a report has the empty sender; where that is not kept, the author's name tells. */
function isFromSystem(root: MimePart): boolean {
  if (/^<>$/.test(field(root, 'return-path') ?? '')) return true;
  return /(?:mailer|mail)-?daemon|postmaster|mail[- ]?delivery|bounce/i.test(field(root, 'from') ?? '');
}

function placesOf(root: MimePart, parts: readonly MimePart[]): string[] {
  const receivers = RECEIVER_FIELDS.flatMap((name) => root.headers.all(name));
  const leaves = parts.filter(({ isMultipart }) => !isMultipart).map((part) => withoutThread(latin1Of(part)));
  return [...receivers, ...leaves];
}

/** Without the fields by which a returned mail names other mails: those are not the one that is reported. */
const withoutThread = (text: string): string =>
  text.replace(/^(?:In-Reply-To|References|Thread-\w+)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*/gim, '');

const latin1Of = (part: MimePart): string => part.decodedBody().toString('latin1');

function field(root: MimePart, name: string): string | null {
  const raw = root.headers.first(name);
  return raw === null ? null : headerLine(raw, null);
}
