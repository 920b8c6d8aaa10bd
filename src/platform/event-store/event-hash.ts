import { createHash } from 'node:crypto';

/** Everything the hash of an event speaks for: where it stands, what it says, and what came before it. */
export interface HashedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** As stored: personal fields sealed, so that the chain verifies after a person was forgotten. */
  readonly data: object;
  /** As stored, with `previousHash` and without `hash`. */
  readonly metadata: object;
}

/** SHA-256, in hex, over the canonical JSON (keys sorted, no white space) of the event. */
export function hashOf(event: HashedEvent): string {
  return createHash('sha256').update(canonicalJson(event)).digest('hex');
}

/** JSON with sorted keys and no white space, as RFC 8785 has it for what JSON.parse gives: one text for one value. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
