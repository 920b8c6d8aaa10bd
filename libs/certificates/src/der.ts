/**
 * The little of ASN.1's Distinguished Encoding Rules (ITU-T X.690) that an X.509 certificate needs. Every function
 * gives the encoded bytes, tag and length included.
 */

/** One encoded value: tag, definite length, content (X.690, 8.1). */
export function encode(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(body.length), body]);
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => encode(0x30, ...items);
export const setOf = (...items: readonly Uint8Array[]): Buffer => encode(0x31, ...items);
export const octetString = (bytes: Uint8Array): Buffer => encode(0x04, bytes);
export const utf8String = (text: string): Buffer => encode(0x0c, Buffer.from(text, 'utf8'));
export const TRUE = encode(0x01, Buffer.from([0xff]));

/** `[number]` around whole values (explicit tagging) or around sequence contents. */
export const constructed = (number: number, ...items: readonly Uint8Array[]): Buffer => encode(0xa0 | number, ...items);
/** `[number]` instead of a primitive value's own tag (implicit tagging). */
export const primitive = (number: number, bytes: Uint8Array): Buffer => encode(0x80 | number, bytes);

/** A BIT STRING; `unused` counts the bits at the end of the last byte that mean nothing. */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => encode(0x03, Buffer.from([unused]), bytes);

/**
 * A positive INTEGER, big-endian, in as few bytes as it takes (X.690, 8.3.2); a leading zero keeps it from being read as
 * negative.
 */
export function positiveInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  return encode(0x02, (shortest[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest);
}

/** An OBJECT IDENTIFIER from its dotted form, as in `2.5.29.17`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime up to 2049, GeneralizedTime from 2050 on, as RFC 5280, 4.1.2.5 wants it. */
export function time(instant: Date): Buffer {
  const digits = instant
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return instant.getUTCFullYear() < 2050
    ? encode(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : encode(0x18, Buffer.from(digits, 'ascii'));
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
