const MAX_MESSAGES = 64;
const MAX_BYTES = 4 * 1024 * 1024;

/** Sources in groups that are worth a message between threads and small enough that one timeout costs little. */
export function batchesOf(sources: readonly Uint8Array[]): Uint8Array[][] {
  const batches: Uint8Array[][] = [];
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const source of sources) {
    if (batch.length >= MAX_MESSAGES || (batch.length > 0 && bytes + source.byteLength > MAX_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(source);
    bytes += source.byteLength;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/**
 * The sources one behind the other in memory of their own, to be handed over to another thread. The caller needs its
 * sources afterwards, to store them, so they cannot be handed over themselves; one copy is what that costs.
 */
export function packed(sources: readonly Uint8Array[]): Uint8Array {
  const total = sources.reduce((sum, source) => sum + source.byteLength, 0);
  const bytes = Buffer.allocUnsafeSlow(total);
  let at = 0;
  for (const source of sources) {
    bytes.set(source, at);
    at += source.byteLength;
  }
  return bytes;
}
