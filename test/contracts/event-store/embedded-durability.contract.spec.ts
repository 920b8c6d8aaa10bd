import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { killRound } from '../../../libs/embedded-eventstore/soak/kill-round.js';
import { startCompiledStore } from './compiled-store.js';

describe('the embedded event store, killed (SIGKILL) while writing', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'event-store-kill-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  // All rounds share one directory: each start takes over what a killed process has left, its lock included.
  it.each([1, 20, 60, 150, 300])(
    'after %i confirmed appends has all of them, and none in part',
    async (confirmations) => {
      const round = await killRound(() => startCompiledStore(directory), confirmations);
      expect(round).toMatchObject({ lost: 0, torn: 0 });
      expect(round.confirmed).toBeGreaterThanOrEqual(confirmations);
      expect(round.unconfirmed).toBeGreaterThan(0);
      expect(round.repeatedOnce).toBe(round.unconfirmed);
    },
  );
});
