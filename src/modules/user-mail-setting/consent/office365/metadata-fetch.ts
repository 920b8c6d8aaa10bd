import { decodeProtectedHeader } from 'jose';
import { createRequire } from 'node:module';
import { z } from 'zod';

const DEADLINE_MS = 10_000;
/** Keys are asked for no more often than this, whatever id tokens say. */
const BETWEEN_LOOKS_MS = 60_000;

const MetadataDocument = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional(),
  jwks_uri: z.url({ protocol: /^https$/ }),
  id_token_signing_alg_values_supported: z.array(z.string()).min(1),
});
const KeySet = z.object({ keys: z.array(z.looseObject({ kid: z.string() })).min(1) });

/** The library's metadata object, as far as it is used here. */
interface Metadata {
  readonly url: string;
  metadata: unknown;
  oidc: Readonly<Record<string, unknown>> & { readonly keys: readonly { readonly kid: string }[] };
}
interface MetadataClass {
  readonly prototype: { fetch: (this: Metadata, callback: (error?: Error) => void) => void };
}

/** What the library caches, by address; and when its keys were last looked for anew. */
interface Cached {
  readonly live: Metadata;
  lookedAt: number;
  looking: Promise<void>;
}
const cache = new Map<string, Cached>();

/**
 * Replaces how passport-azure-ad 4.3.5 fetches metadata and keys. Its own parses them inside a stream handler, where an
 * answer that is no JSON is an uncaught exception and ends the process; and it waits without a limit. What it caches, and
 * for how long (30 minutes), stays its own; a failed fetch is not cached.
 */
export function replaceMetadataFetch(): void {
  const library = createRequire(import.meta.url)('passport-azure-ad/lib/metadata.js') as { Metadata: MetadataClass };
  library.Metadata.prototype.fetch = function fetchMetadata(callback) {
    load(this.url).then(
      ({ metadata, oidc }) => {
        this.metadata = metadata;
        this.oidc = oidc;
        cache.set(addressOf(this.url), { live: this, lookedAt: -Infinity, looking: Promise.resolve() });
        callback();
      },
      () => callback(new Error('The metadata of the identity platform cannot be had.')),
    );
  };
}

/**
 * Microsoft may roll its keys at any time, "including in an emergency" (signing-key-rollover.md), and the library keeps
 * them for half an hour: for an id token of a key that is not among the cached ones, the keys are asked for again, by all
 * who wait for them together. Never rejects: whether the token is good, the library says afterwards.
 */
export async function learnKeyOf(idToken: string | null, url: string, now = Date.now()): Promise<void> {
  const cached = cache.get(addressOf(url));
  const kid = keyIdOf(idToken);
  if (!cached || kid === null || cached.live.oidc.keys.some((key) => key.kid === kid)) return;
  if (now - cached.lookedAt >= BETWEEN_LOOKS_MS) {
    cached.lookedAt = now;
    cached.looking = load(url).then(
      ({ oidc }) => void (cached.live.oidc = oidc),
      () => undefined,
    );
  }
  await cached.looking;
}

/** Without the query, in which the library tells its version. */
const addressOf = (url: string): string => url.split('?', 1)[0] ?? url;

function keyIdOf(idToken: string | null): string | null {
  try {
    return decodeProtectedHeader(idToken ?? '').kid ?? null;
  } catch {
    return null; // no token at all
  }
}

async function load(url: string): Promise<Pick<Metadata, 'metadata' | 'oidc'>> {
  const metadata = MetadataDocument.parse(await getJson(url));
  const { keys } = KeySet.parse(await getJson(metadata.jwks_uri));
  const { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, end_session_endpoint } = metadata;
  const algorithms = metadata.id_token_signing_alg_values_supported;
  const endpoints = { authorization_endpoint, token_endpoint, userinfo_endpoint, end_session_endpoint };
  return { metadata, oidc: { issuer, algorithms, keys, ...endpoints } };
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!response.ok) throw new Error(`Status ${response.status}`);
  return response.json();
}
