import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './gmail-account.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  async pause(milliseconds, signal) {
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined); // whoever aborted it asks the signal
  },
};
