import { describe, expect, it } from 'vitest';

import { ALL_STREAMS, AppendSignal } from './append-signal.js';

const never = new AbortController().signal;

/** Whether a promise is settled once everything that is due has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('the append signal', () => {
  it('wakes who waits for the stream, and who waits for all', async () => {
    const signal = new AppendSignal();
    const one = signal.wait('one', signal.version, never);
    const all = signal.wait(ALL_STREAMS, signal.version, never);
    const other = signal.wait('other', signal.version, never);
    signal.announce('one');
    expect(await isSettled(one)).toBe(true);
    expect(await isSettled(all)).toBe(true);
    expect(await isSettled(other)).toBe(false);
  });

  it('does not let anyone wait who has not seen the last append', async () => {
    const signal = new AppendSignal();
    const seen = signal.version;
    signal.announce('one');
    expect(await isSettled(signal.wait('one', seen, never))).toBe(true);
  });

  it('lets go who gives up', async () => {
    const signal = new AppendSignal();
    const ended = new AbortController();
    const waiting = signal.wait('one', signal.version, ended.signal);
    expect(await isSettled(waiting)).toBe(false);
    ended.abort();
    expect(await isSettled(waiting)).toBe(true);
    expect(await isSettled(signal.wait('one', signal.version, ended.signal))).toBe(true);
  });
});
