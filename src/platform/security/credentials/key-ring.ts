import { type CredentialKey } from '../../config/index.js';
import { openBox, seal, type SealedBox } from './sealed-box.js';

/** A data key, sealed under one of the CREDENTIAL_KEYS. */
export interface WrappedKey extends SealedBox {
  readonly keyId: string;
}

/** CREDENTIAL_KEYS lacks the key that is needed, or holds another one under its id. */
export class CredentialKeyError extends Error {
  override readonly name = 'CredentialKeyError';
}

/** The keys of CREDENTIAL_KEYS: the first wraps, all unwrap, so a key is changed by putting a new one in front. */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: CredentialKey;

  constructor(keys: readonly CredentialKey[]) {
    const [first] = keys;
    if (first === undefined) throw new CredentialKeyError('CREDENTIAL_KEYS names no key.');
    this.current = first;
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  get currentKeyId(): string {
    return this.current.id;
  }

  wrap(dataKey: Buffer, place: string): WrappedKey {
    return { keyId: this.current.id, ...seal(this.current.key, dataKey, place) };
  }

  /** Throws a CredentialKeyError that names the id of the key that is missing or is another one. */
  unwrap(wrapped: WrappedKey, place: string): Buffer {
    const key = this.keys.get(wrapped.keyId);
    if (key === undefined) {
      throw new CredentialKeyError(`CREDENTIAL_KEYS lacks the key "${wrapped.keyId}", which stored credentials need.`);
    }
    try {
      return openBox(key, wrapped, place);
    } catch (cause) {
      throw new CredentialKeyError(`CREDENTIAL_KEYS holds another key than before under the id "${wrapped.keyId}".`, {
        cause,
      });
    }
  }
}
