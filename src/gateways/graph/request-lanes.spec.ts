import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RequestLanes } from './request-lanes.js';

const forever = new AbortController().signal;

describe('the lanes to a mailbox', () => {
  it('are four, and everybody gets a turn', async () => {
    const lanes = new RequestLanes();
    let [now, most, done] = [0, 0, 0];
    await Promise.all(
      Array.from({ length: 20 }, () =>
        lanes.run('taro', forever, async () => {
          most = Math.max(most, ++now);
          await sleep(1);
          now -= 1;
          done += 1;
        }),
      ),
    );
    expect([most, done]).toEqual([4, 20]);
  });

  it('of one mailbox hold up no other', async () => {
    const lanes = new RequestLanes();
    const held = Promise.withResolvers<undefined>();
    const blocked = Array.from({ length: 4 }, () => lanes.run('taro', forever, () => held.promise));
    expect(await lanes.run('jiro', forever, async () => 'through')).toBe('through');
    held.resolve(undefined);
    await Promise.all(blocked);
  });

  it('come free when work fails', async () => {
    const lanes = new RequestLanes();
    for (let n = 0; n < 6; n++) {
      await expect(lanes.run('taro', forever, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    }
    expect(await lanes.run('taro', forever, async () => 1)).toBe(1);
  });

  it('let nobody through while they are closed', async () => {
    const lanes = new RequestLanes();
    lanes.close('taro', 40);
    const closedAt = Date.now();
    await lanes.run('taro', forever, async () => undefined);
    expect(Date.now() - closedAt).toBeGreaterThanOrEqual(39);
  });

  it('are left by who is told to stop waiting, without a lane being lost', async () => {
    const lanes = new RequestLanes();
    const held = Promise.withResolvers<undefined>();
    const blocked = Array.from({ length: 4 }, () => lanes.run('taro', forever, () => held.promise));
    const ending = new AbortController();
    const waiting = lanes.run('taro', ending.signal, async () => 'never');
    ending.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    held.resolve(undefined);
    await Promise.all(blocked);
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => lanes.run('taro', forever, async () => n)));
    expect(all).toHaveLength(8);
  });
});
