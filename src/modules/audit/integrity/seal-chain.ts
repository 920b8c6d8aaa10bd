import { type FindingKind, type Findings } from './finding.js';
import { digestOf, type Seal, type SealedHead, signedBytes } from './seal.js';
import { type SealKeys } from './seal-keys.js';
import { type StreamChains } from './stream-chains.js';

/**
 * Holds seals, one after the other, against the record: a seal is taken when every event up to its position has
 * been followed, and no later one, so the streams have to end just where it says.
 */
export class SealChain {
  private readonly last = new Map<string, { readonly number: number; readonly digest: string }>();
  checked = 0;

  constructor(
    private readonly keys: SealKeys,
    private readonly streams: StreamChains,
    private readonly findings: Findings,
  ) {}

  take(seal: Seal): void {
    this.checked += 1;
    const broken = this.breakAt(seal);
    if (broken) this.report(broken, seal);
    this.last.set(seal.company, { number: seal.number, digest: digestOf(seal) });
    // What is not signed by us says nothing about the streams.
    if (broken === 'seal_invalid' || broken === 'seal_key_unknown') return;
    for (const head of seal.heads) this.compare(head);
  }

  private breakAt(seal: Seal): FindingKind | null {
    const verdict = this.keys.verify(seal.keyId, signedBytes(seal), seal.signature);
    if (verdict !== 'valid') return verdict === 'invalid' ? 'seal_invalid' : 'seal_key_unknown';
    const before = this.last.get(seal.company);
    const follows = seal.number === (before?.number ?? 0) + 1 && seal.previous === (before?.digest ?? null);
    return follows ? null : 'seal_missing';
  }

  private report(kind: FindingKind, { company, number, upTo }: Seal): void {
    this.findings.add({ kind, stream: `seals of ${company}`, revision: number, position: upTo, eventId: null });
  }

  private compare({ stream, revision, position, hash }: SealedHead): void {
    const is = this.streams.headOf(stream);
    if (is?.revision === revision && is.hash === hash) return;
    const kind = (is?.revision ?? -1) < revision ? 'truncated' : 'rewritten';
    this.findings.add({ kind, stream, revision, position, eventId: null });
  }
}
