import { createHash, randomUUID } from 'node:crypto';

/**
 * A new id. With a seed (the request's Idempotency-Key) the same seed gives the same id, so that a request that is
 * done again after a crash makes the same thing and not a second one.
 */
export function newId(seed: string | null = null): string {
  if (seed === null) return randomUUID();
  const hex = createHash('sha256').update(seed).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
