import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe('slots', () => {
  it('are given out up to their number, then in order of asking', async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    const first = await slots.take();
    const second = await slots.take();
    const waiting = ['third', 'fourth'].map(async (name) => {
      const release = await slots.take();
      order.push(name);
      return release;
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    second();
    await waiting[0];
    expect(order).toEqual(['third']);
    first();
    await waiting[1];
    expect(order).toEqual(['third', 'fourth']);
  });

  it('are refused once closed, to those who wait as well', async () => {
    const slots = new Slots(1);
    await slots.take();
    const waiting = slots.take();
    slots.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(slots.take()).rejects.toThrow('closed');
  });
});
