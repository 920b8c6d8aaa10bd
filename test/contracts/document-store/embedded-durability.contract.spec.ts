import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killRound } from '../../../libs/embedded-mongo/soak/kill-round.js';
import { startCompiledStore } from './compiled-store.js';

describe('the embedded document store, killed (SIGKILL) while writing', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'document-store-kill-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  // All rounds share one directory: each start takes over what a killed process has left, its lock included.
  it.each([1, 10, 40, 90, 200])(
    'after %i confirmed batches has all of them, none in part, and counts rightly',
    async (confirmations) => {
      const round = await killRound(() => startCompiledStore(directory), confirmations);
      expect(round).toMatchObject({ lost: 0, torn: 0, miscounted: 0, consistent: true });
      expect(round.confirmed).toBeGreaterThanOrEqual(confirmations);
    },
  );
});
