import { type Position } from '@libs/eventsourcing';
import { type KeptEvent } from '../../../platform/event-store/index.js';
import { type Finding, Findings } from './finding.js';
import { type Seal } from './seal.js';
import { SealChain } from './seal-chain.js';
import { type SealKeys } from './seal-keys.js';
import { StreamChains } from './stream-chains.js';

export type RecordEntry = { readonly event: KeptEvent } | { readonly seal: Seal };

/** Events in order of position, and each seal right behind the last event that it speaks for. */
export async function* inSealedOrder(
  events: AsyncIterable<readonly KeptEvent[]>,
  seals: AsyncIterable<Seal>,
): AsyncGenerator<RecordEntry> {
  const coming = seals[Symbol.asyncIterator]();
  try {
    let next = await coming.next();
    for await (const batch of events) {
      for (const event of batch) {
        for (; !next.done && next.value.upTo < event.position; next = await coming.next()) yield { seal: next.value };
        yield { event };
      }
    }
    for (; !next.done; next = await coming.next()) yield { seal: next.value };
  } finally {
    await coming.return?.();
  }
}

export interface Verdict {
  /** How many events and seals were looked at. */
  readonly checked: number;
  readonly seals: number;
  readonly findings: readonly Finding[];
  /** May be more than `findings` lists. */
  readonly findingCount: number;
  readonly firstBroken: Position | null;
}

/** Whether the record is what was written: its chains whole, its seals genuine, its streams as they were sealed. */
export async function verifyRecord(entries: AsyncIterable<RecordEntry>, keys: SealKeys): Promise<Verdict> {
  const findings = new Findings();
  const streams = new StreamChains(findings);
  const seals = new SealChain(keys, streams, findings);
  for await (const entry of entries) {
    if ('event' in entry) streams.take(entry.event);
    else seals.take(entry.seal);
  }
  const { kept, count, firstBroken } = findings;
  return { checked: streams.checked, seals: seals.checked, findings: kept, findingCount: count, firstBroken };
}
