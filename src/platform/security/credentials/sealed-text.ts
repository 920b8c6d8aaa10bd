import { ALGORITHM, type SealedBox } from './sealed-box.js';

/** A storage contract: `A256GCM.<iv>.<tag>.<ciphertext>` in base64url, after the manner of a compact JWE (RFC 7516). */
export function formatSealedText({ algorithm, iv, tag, ciphertext }: SealedBox): string {
  return [algorithm, ...[iv, tag, ciphertext].map((part) => Buffer.from(part, 'base64').toString('base64url'))].join(
    '.',
  );
}

/** The box in such a text. Throws when it is none. */
export function parseSealedText(text: string): SealedBox {
  const [algorithm, ...parts] = text.split('.');
  if (algorithm !== ALGORITHM || parts.length !== 3) throw new Error('Not a sealed text.');
  const [iv = '', tag = '', ciphertext = ''] = parts.map((part) => Buffer.from(part, 'base64url').toString('base64'));
  return { algorithm, iv, tag, ciphertext };
}
