import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { type AppConfig, InjectConfig } from '../../config/index.js';
import { rejectAuth } from './auth.errors.js';
import { type Caller } from './caller.js';
import { callerFrom } from './token-claims.js';

/** Asymmetric signatures only: with `none` or an HMAC over the public key anybody could sign (RFC 8725, 2.1 and 3.1). */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const FETCH_TIMEOUT_MS = 5_000;

/** Turns HRBC's bearer tokens into callers. Keys come from the JWKS and are cached; an unknown key id fetches anew. */
@Injectable()
export class TokenVerifier {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(@InjectConfig() private readonly config: AppConfig) {
    this.keys = createRemoteJWKSet(new URL(config.auth.jwksUrl), { timeoutDuration: FETCH_TIMEOUT_MS });
  }

  /**
   * Who this token speaks for. Rejects with `token_expired`, `token_invalid`, or `token_keys_unavailable` when the
   * keys cannot be had: the service's trouble must not look like the caller's.
   */
  async verify(token: string): Promise<Caller> {
    const caller = callerFrom(await this.verifiedClaims(token));
    if (caller === null) throw rejectAuth('token_invalid');
    return caller;
  }

  private async verifiedClaims(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.config.auth;
    try {
      const options = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', 'sub'] };
      return (await jwtVerify(token, this.keys, options)).payload;
    } catch (error) {
      throw rejectAuth(codeFor(error));
    }
  }
}

/** Errors that tell of the token; anything else (network, timeout, a JWKS that is none) tells of the keys. */
const TOKEN_FAULTS = [
  errors.JWTInvalid,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function codeFor(error: unknown) {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  return TOKEN_FAULTS.some((fault) => error instanceof fault) ? 'token_invalid' : 'token_keys_unavailable';
}
