import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';

/** A seed of Ed25519, and the name under which seals mention its public key. */
export interface SealKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}
export interface PublicSealKey {
  readonly id: string;
  /** SubjectPublicKeyInfo (RFC 8410) in base64. */
  readonly publicKey: string;
}

/** RFC 8410, 7: the PKCS #8 frame of an Ed25519 private key, in front of the 32 bytes of its seed. */
const PKCS8_FRAME = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The keys that seal the record: the first signs, all of them verify, so a key is changed by putting one in front. */
export class SealKeys {
  private readonly publicKeys: ReadonlyMap<string, KeyObject>;
  private readonly signing: { readonly id: string; readonly key: KeyObject };

  constructor(keys: readonly SealKey[]) {
    const [first] = keys;
    if (!first) throw new Error('There is no key to seal the record with.');
    this.signing = { id: first.id, key: privateKeyOf(first) };
    this.publicKeys = new Map(keys.map((key) => [key.id, createPublicKey(privateKeyOf(key))]));
  }

  /**
   * Keys that follow from CREDENTIAL_KEYS (HKDF, RFC 5869), for installations that configure no others. Whoever has
   * those can seal, which is why production should set AUDIT_SEAL_KEYS.
   */
  static derivedFrom(credentialKeys: readonly SealKey[]): SealKeys {
    const derive = (key: Buffer) => Buffer.from(hkdfSync('sha256', key, '', 'hrbc-mail audit seal', 32));
    return new SealKeys(credentialKeys.map(({ id, key }) => ({ id: `derived-${id}`, key: derive(key) })));
  }

  sign(bytes: Buffer): { readonly keyId: string; readonly signature: string } {
    return { keyId: this.signing.id, signature: sign(null, bytes, this.signing.key).toString('base64') };
  }

  /** `unknown_key`: none of the configured keys has this id. */
  verify(keyId: string, bytes: Buffer, signature: string): 'valid' | 'invalid' | 'unknown_key' {
    const key = this.publicKeys.get(keyId);
    if (!key) return 'unknown_key';
    return verify(null, bytes, key, Buffer.from(signature, 'base64')) ? 'valid' : 'invalid';
  }

  /** For those who verify without us. */
  published(): PublicSealKey[] {
    return [...this.publicKeys].map(([id, key]) => ({
      id,
      publicKey: key.export({ format: 'der', type: 'spki' }).toString('base64'),
    }));
  }
}

const privateKeyOf = ({ key }: SealKey): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_FRAME, key]), format: 'der', type: 'pkcs8' });
