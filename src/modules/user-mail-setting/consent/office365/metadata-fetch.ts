import { createRequire } from 'node:module';
import { z } from 'zod';

const DEADLINE_MS = 10_000;

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
  oidc: object;
}
interface MetadataClass {
  readonly prototype: { fetch: (this: Metadata, callback: (error?: Error) => void) => void };
}

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
        callback();
      },
      () => callback(new Error('The metadata of the identity platform cannot be had.')),
    );
  };
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
