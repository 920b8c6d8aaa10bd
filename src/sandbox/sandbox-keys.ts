import { Injectable, type OnModuleInit } from '@nestjs/common';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { writeOnce } from '../platform/write-once.js';

const FILE = 'sandbox-signing-key.json';
const ALGORITHM = 'EdDSA';

/** The sandbox's own issuer of tokens. Its key is kept, so that a token outlives a restart. */
@Injectable()
export class SandboxKeys implements OnModuleInit {
  private key: JWK = {};

  constructor(@InjectConfig() private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    const { dataDirectory } = this.config.stores;
    const path = join(dataDirectory, FILE);
    await mkdir(dataDirectory, { recursive: true });
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const fresh = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'sandbox', alg: ALGORITHM, use: 'sig' });
    await writeOnce(path, fresh);
    this.key = JSON.parse(await readFile(path, 'utf8')) as JWK;
  }

  /** The public part, as HRBC would publish it (RFC 7517). */
  jwks(): { readonly keys: readonly JWK[] } {
    const { d: _private, ...open } = this.key;
    return { keys: [open] };
  }

  /** A token such as HRBC issues, with these claims. */
  async sign(claims: Record<string, unknown>, lifetimeSeconds: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: 'sandbox' })
      .setIssuer(this.config.auth.issuer)
      .setAudience(this.config.auth.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(await importJWK(this.key, ALGORITHM));
  }
}
