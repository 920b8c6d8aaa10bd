import { decodeJwt } from 'jose';

/**
 * The claims of an id token that came straight from the token endpoint; none where it is not for this client. Its
 * signature is not checked: what comes from the endpoint itself over TLS is vouched for by TLS (OpenID Connect Core,
 * 3.1.3.7, 6). Nothing is decided by it but which account it is: the address is the mailbox's own (R25).
 */
export function identityClaims(idToken: string | null, clientId: string): Readonly<Record<string, unknown>> {
  if (idToken === null) return {};
  try {
    const claims = decodeJwt(idToken);
    return claims.aud === clientId ? claims : {};
  } catch {
    return {}; // no JWT: then nobody knows which account it is, and the consent is refused for it
  }
}
