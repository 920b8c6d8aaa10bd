import { hashOf, type KeptEvent } from '../../../platform/event-store/index.js';
import { type FindingKind, type Findings } from './finding.js';

export interface ChainHead {
  readonly revision: number;
  readonly hash: string;
}

/**
 * Follows every stream event by event and reports each break once: the chain is then taken up again from the event
 * as it is, so that one changed event does not make all after it suspect.
 */
export class StreamChains {
  private readonly heads = new Map<string, ChainHead>();
  checked = 0;

  constructor(private readonly findings: Findings) {}

  /** Where the stream ends, as far as it was followed. */
  headOf(stream: string): ChainHead | undefined {
    return this.heads.get(stream);
  }

  take(event: KeptEvent): void {
    this.checked += 1;
    const { stream, revision } = event;
    const before = this.heads.get(stream);
    const hash = storedHashOf(event);
    const broken = this.breakAt(event, hash, before);
    if (broken) this.findings.add({ kind: broken, stream, revision, position: event.position, eventId: event.id });
    this.heads.set(stream, { revision, hash: hash ?? '' });
  }

  private breakAt(event: KeptEvent, hash: string | null, before: ChainHead | undefined): FindingKind | null {
    if (hash === null) return 'malformed';
    if (hash !== recomputed(event)) return 'changed';
    if (event.revision > (before?.revision ?? -1) + 1) return 'missing';
    const { previousHash } = event.metadata as { readonly previousHash?: unknown };
    return previousHash === (before?.hash ?? null) ? null : 'unchained';
  }
}

function storedHashOf({ data, metadata }: KeptEvent): string | null {
  if (!isObject(data) || !isObject(metadata)) return null;
  return 'hash' in metadata && typeof metadata.hash === 'string' ? metadata.hash : null;
}

function recomputed({ stream, revision, id, type, data, metadata }: KeptEvent): string {
  const { hash: _hash, ...hashed } = metadata as Record<string, unknown>;
  return hashOf({ stream, revision, id, type, data: data as object, metadata: hashed });
}

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object';
