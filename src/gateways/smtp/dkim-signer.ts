import DKIM from 'nodemailer/lib/dkim';
import { type Readable } from 'node:stream';

/** Whose signature the mail carries (RFC 6376). */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/**
 * The mail with a DKIM-Signature in front. The hash of the body stands in the header, so the whole mail is read
 * before its first byte comes out; it is at most as large as the server takes.
 */
export function signed(source: Readable, { domain, selector, privateKey }: DkimKey): Readable {
  const dkim = new DKIM({ domainName: domain, keySelector: selector, privateKey });
  return dkim.sign(source);
}
