import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256 in Galois/Counter Mode (NIST SP 800-38D). The name is stored with every box, so that it can be replaced. */
export const ALGORITHM = 'A256GCM';
const IV_BYTES = 12;
export const KEY_BYTES = 32;

/** Something encrypted and authenticated; the parts are base64, so that it can be stored anywhere. */
export interface SealedBox {
  readonly algorithm: string;
  readonly iv: string;
  readonly tag: string;
  readonly ciphertext: string;
}

/** The box does not open: another key, another place than it was sealed for, or changed bytes. */
export class BoxDoesNotOpenError extends Error {
  override readonly name = 'BoxDoesNotOpenError';
  constructor() {
    super('A sealed value does not open with this key in this place.');
  }
}

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/**
 * Seals under a fresh random IV. `place` is authenticated with it (additional data): a box moved to another company,
 * record or purpose does not open there. Random IVs are safe for some 2^32 boxes a key (SP 800-38D, 8.3).
 */
export function seal(key: Buffer, plaintext: Buffer, place: string): SealedBox {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return {
    algorithm: ALGORITHM,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}

/** What was sealed. Throws a BoxDoesNotOpenError, and never gives a part of it. */
export function openBox(key: Buffer, box: SealedBox, place: string): Buffer {
  if (box.algorithm !== ALGORITHM) throw new Error(`Unknown algorithm of a sealed value: ${box.algorithm}`);
  const options = { authTagLength: 16 };
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(box.iv, 'base64'), options)
      .setAAD(Buffer.from(place))
      .setAuthTag(Buffer.from(box.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(box.ciphertext, 'base64')), decipher.final()]);
  } catch {
    // OpenSSL's texts only say that authentication failed, and may one day say more than that.
    throw new BoxDoesNotOpenError();
  }
}
