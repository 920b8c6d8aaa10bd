import { type EventStore, type KeptEvent } from '../../../platform/event-store/index.js';
import { type SealStore } from './seal-store.js';
import { inSealedOrder, type Verdict, verifyRecord } from './sealed-record.js';
import { type SealKeys } from './seal-keys.js';

/** The verdict on the record of every company (`npm run audit:verify`). `onProgress` hears how many events are done. */
export async function verifyEverything(
  parts: { readonly store: EventStore; readonly seals: SealStore; readonly keys: SealKeys },
  categories: readonly string[],
  onProgress: (checked: number) => void,
): Promise<Verdict> {
  const seals = await parts.seals.inOrder(null);
  const prefixes = categories.map((category) => `${category}-`);
  const events = counted(parts.store.readAll({ after: null, prefixes }), onProgress);
  return verifyRecord(inSealedOrder(events, seals), parts.keys);
}

async function* counted(
  batches: AsyncIterable<readonly KeptEvent[]>,
  onProgress: (checked: number) => void,
): AsyncGenerator<readonly KeptEvent[]> {
  let checked = 0;
  for await (const batch of batches) {
    checked += batch.length;
    onProgress(checked);
    yield batch;
  }
}
