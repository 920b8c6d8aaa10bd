import { foldLines } from 'nodemailer/lib/mime-funcs';
import { sign } from 'node:crypto';
import { Readable } from 'node:stream';
import { RelaxedBodyHash } from './relaxed-body-hash.js';

/** Whose signature the mail carries (RFC 6376). */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** RFC 6376, 5.4.1, of what the service writes. */
const SIGNED_FIELDS = [
  ...['from', 'subject', 'date', 'message-id', 'to', 'cc', 'mime-version', 'content-type'],
  ...['content-transfer-encoding', 'in-reply-to', 'references'],
];
/** Headers longer than this are no mail's. */
const LONGEST_HEADER = 1024 * 1024;
const END_OF_HEADER = '\r\n\r\n';

/**
 * The mail with a DKIM-Signature in front. The hash of the body stands in the header, so the mail is read twice, and
 * never held: once to be hashed, and once to be sent.
 * @param open reads the mail from its start; lines end in CRLF
 */
export function signed(open: () => Readable, key: DkimKey): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.from(`${await signatureOf(open(), key)}\r\n`, 'latin1');
      for await (const chunk of open()) yield chunk as Buffer;
    })(),
    { objectMode: false },
  );
}

async function signatureOf(mail: Readable, key: DkimKey): Promise<string> {
  const body = new RelaxedBodyHash();
  let header = '';
  let isInBody = false;
  for await (const chunk of mail as AsyncIterable<Buffer>) {
    if (isInBody) {
      body.update(chunk);
      continue;
    }
    header += chunk.toString('latin1');
    const end = header.indexOf(END_OF_HEADER);
    if (end < 0 && header.length > LONGEST_HEADER) throw new Error('The mail has no end of its header.');
    if (end < 0) continue;
    isInBody = true;
    body.update(Buffer.from(header.slice(end + END_OF_HEADER.length), 'latin1'));
    header = header.slice(0, end);
  }
  return signatureField(fieldsOf(header), body.digest(), key);
}

/** In the form of RFC 6376, 3.5, "relaxed/relaxed". */
function signatureField(
  fields: ReadonlyMap<string, string>,
  bodyHash: string,
  { domain, selector, privateKey }: DkimKey,
): string {
  const names = SIGNED_FIELDS.filter((name) => fields.has(name));
  const tags = `v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; q=dns/txt; s=${selector}; bh=${bodyHash}; h=${names.join(':')}`;
  const unsigned = `${foldLines(`DKIM-Signature: ${tags}`, 76)};\r\n b=`;
  const lines = names.map((name) => `${name}:${fields.get(name) ?? ''}\r\n`);
  const text = `${lines.join('')}dkim-signature:${relaxed(unsigned.slice(unsigned.indexOf(':') + 1))}`;
  const signature = sign('sha256', Buffer.from(text, 'latin1'), privateKey).toString('base64');
  return unsigned + (signature.match(/.{1,74}/g) ?? []).join('\r\n ');
}

/** By name, relaxed; of several of a name the last one, which is the one that is signed (RFC 6376, 5.4.2). */
function fieldsOf(header: string): ReadonlyMap<string, string> {
  const lines = header.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  return new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).trim().toLowerCase(),
      relaxed(line.slice(line.indexOf(':') + 1)),
    ]),
  );
}

/** RFC 6376, 3.4.2. */
const relaxed = (value: string): string => value.replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').trim(); // prettier-ignore
