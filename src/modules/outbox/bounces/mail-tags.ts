import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type CredentialKey } from '../../../platform/config/index.js';

const ID_BYTES = 16;
/** An attacker has to send a report for every guess. */
const MAC_BYTES = 8;
/** RFC 4648, 6: survives servers that change the case of a local part. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = Math.ceil(((ID_BYTES + MAC_BYTES) * 8) / 5);
const TAG = new RegExp(`(?<![a-z2-7])[a-z2-7]{${LENGTH}}(?![a-z2-7])`, 'gi');
const MOST_LOOKED_AT = 1_000;

/**
 * A mail's mark for reports about it: its id, and a MAC without which nobody can make up the mark of a mail that he has
 * not got. It stands in the sender address of the envelope and in the Message-ID; whoever gets the mail sees both, and
 * so can say something false about that mail, but of no other one.
 */
export class MailTags {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  /** Follows from CREDENTIAL_KEYS: the first marks, all recognise, so a key is changed by putting one in front. */
  constructor(credentialKeys: readonly CredentialKey[]) {
    const [first, ...others] = credentialKeys.map(({ key }) => derived(key));
    if (first === undefined) throw new Error('There is no key to mark mail with.');
    this.keys = [first, ...others];
  }

  /** 39 letters and digits. `mailId`: as newId makes them. */
  of(mailId: string): string {
    const id = Buffer.from(mailId.replaceAll('-', ''), 'hex');
    if (id.length !== ID_BYTES) throw new Error('Not the id of a mail.');
    return base32(Buffer.concat([id, macOf(this.keys[0], id)]));
  }

  /** The mail whose mark stands in the first of these texts that has one; null: there is none. */
  mailIdIn(texts: readonly string[]): string | null {
    for (const text of texts) {
      let looked = 0;
      for (const [candidate] of text.matchAll(TAG)) {
        const mailId = this.mailIdOf(candidate);
        if (mailId !== null) return mailId;
        if (++looked === MOST_LOOKED_AT) break;
      }
    }
    return null;
  }

  private mailIdOf(tag: string): string | null {
    const bytes = fromBase32(tag.toLowerCase());
    const [id, mac] = [bytes.subarray(0, ID_BYTES), bytes.subarray(ID_BYTES, ID_BYTES + MAC_BYTES)];
    if (!this.keys.some((key) => timingSafeEqual(macOf(key, id), mac))) return null;
    return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

const derived = (key: Buffer): Buffer => Buffer.from(hkdfSync('sha256', key, '', 'hrbc-mail mail tag', 32));

const macOf = (key: Buffer, id: Buffer): Buffer => createHmac('sha256', key).update(id).digest().subarray(0, MAC_BYTES);

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.padEnd(LENGTH * 5, '0').match(/.{5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group, 2)]).join('');
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}
