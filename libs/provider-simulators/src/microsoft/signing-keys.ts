import { exportJWK, generateKeyPair, type JWK } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly pair: Awaited<ReturnType<typeof generateKeyPair>>;
}

/** The keys by which id tokens are signed. Microsoft rolls them from time to time, and in an emergency at once. */
export class SigningKeys {
  private generation = 1;
  private made: Promise<SigningKey> | undefined;

  /** Made when somebody first needs it: RSA keys take their time. */
  async current(): Promise<SigningKey> {
    const kid = `simulator-key-${this.generation}`;
    return (this.made ??= generateKeyPair('RS256').then((pair) => ({ kid, pair })));
  }

  /** From now on another key signs, and the one before is published no longer. */
  roll(): void {
    this.generation += 1;
    this.made = undefined;
  }

  /** RFC 7517, 5. */
  async published(): Promise<{ readonly keys: readonly JWK[] }> {
    const { kid, pair } = await this.current();
    return { keys: [{ ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: 'RS256' }] };
  }
}
