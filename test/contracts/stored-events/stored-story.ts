import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PersonalCipher, type StoredEvent } from '../../../src/platform/event-store/index.js';

const SAMPLES = join(import.meta.dirname, 'samples');

/** A stream as an earlier version of the service has stored it (scripts/events/store-sample.mjs). Never changed. */
export interface StoredStory {
  readonly file: string;
  readonly story: string;
  readonly stream: string;
  readonly events: readonly StoredEvent[];
  /** What has to hold of the state that the events lead to. */
  readonly leadsTo: unknown;
}

export function storedStories(): StoredStory[] {
  return readdirSync(SAMPLES)
    .sort()
    .map((file) => ({ file, ...(JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as Omit<StoredStory, 'file'>) }));
}

/** Opens what the samples' maker has sealed; for those who are forgotten, nothing. */
export const legibleCipher = (forgotten = false): PersonalCipher => ({
  seal: () => Promise.reject(new Error('Samples are read only.')),
  open: async (_company, _userId, sealed) =>
    forgotten ? null : Buffer.from(sealed.replace(/^legible:/, ''), 'base64').toString(),
});
