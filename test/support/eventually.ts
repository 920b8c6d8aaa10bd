import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks until what it looks for is there, and answers it; fails with the last thing seen. The deadline is for a
 * machine under load and says nothing about speed.
 */
export async function eventually<Value>(
  look: () => Promise<Value>,
  isThere: (value: Value) => boolean,
  deadlineMs = 60_000,
): Promise<Value> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (isThere(value)) return value;
    if (Date.now() > deadline) throw new Error(`It did not happen in time; last seen: ${JSON.stringify(value)}`);
    await sleep(100);
  }
}
