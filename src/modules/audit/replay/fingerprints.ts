import { createHash } from 'node:crypto';

/**
 * What stands for a secret in front of auditors: equal secrets have equal fingerprints, so a change shows, and nothing
 * leads back. Events name secrets by a random reference only, so not even this is made from the secret itself.
 */
export function fingerprintOf(reference: string): string {
  return `sha256:${createHash('sha256').update(reference).digest('hex').slice(0, 16)}`;
}

/** The same value with every reference to a secret (`…Ref`) replaced by its fingerprint. */
export function withFingerprints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withFingerprints);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key.endsWith('Ref') && typeof member === 'string'
        ? [key.slice(0, -'Ref'.length), fingerprintOf(member)]
        : [key, withFingerprints(member)],
    ),
  );
}
