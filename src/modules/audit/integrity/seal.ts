import { type Position } from '@libs/eventsourcing';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../platform/event-store/index.js';

/** Where a stream ended: the hash speaks for every event of it up to there. */
export interface SealedHead {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly hash: string;
}

/** What a seal says: where the streams ended that have grown since the seal before. */
export interface SealContent {
  readonly company: string;
  /** 1 for the company's first seal. */
  readonly number: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** It speaks for the record up to this position, inclusive. */
  readonly upTo: Position;
  readonly heads: readonly SealedHead[];
  /** `digestOf` the seal before; null for the first. A missing seal shows by it. */
  readonly previous: string | null;
}

/** Signed (Ed25519, RFC 8032) over the canonical JSON of its content. */
export interface Seal extends SealContent {
  readonly keyId: string;
  /** base64. */
  readonly signature: string;
}

/** The bytes that are signed. */
export function signedBytes({ company, number, at, upTo, heads, previous }: SealContent): Buffer {
  return Buffer.from(canonicalJson({ company, number, at, upTo, heads, previous }));
}

/** SHA-256 over the signed bytes, hex. */
export function digestOf(seal: SealContent): string {
  return createHash('sha256').update(signedBytes(seal)).digest('hex');
}
