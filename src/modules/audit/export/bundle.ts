import { type PublicSealKey } from '../integrity/seal-keys.js';
import { type RecordEntry } from '../integrity/sealed-record.js';

/**
 * A bundle: one JSON value a line, so that it can be read without holding it in memory.
 * - first `{ record: "bundle", format: 1, company, exportedAt, keys: [{ id, publicKey }] }`
 * - then, in order of position, `{ record: "event", … }` as stored, personal fields sealed, and
 *   `{ record: "seal", … }` right behind the last event it speaks for
 * - last `{ record: "end", events, seals }`, so that a cut-off file shows
 * `scripts/audit/verify-bundle.mjs` verifies it and shares no code with the service.
 */
export async function* bundleLines(
  company: string,
  exportedAt: string,
  entries: AsyncIterable<RecordEntry>,
  keys: readonly PublicSealKey[],
): AsyncGenerator<string> {
  yield line({ record: 'bundle', format: 1, company, exportedAt, keys });
  let [events, seals] = [0, 0];
  for await (const entry of entries) {
    if ('event' in entry) events += 1;
    else seals += 1;
    yield 'event' in entry ? line({ record: 'event', ...entry.event }) : line({ record: 'seal', ...entry.seal });
  }
  yield line({ record: 'end', events, seals });
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
