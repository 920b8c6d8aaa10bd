import { describe, expect, it } from 'vitest';
import { Workload, type WorkloadLimits } from './workload.js';

const limits: WorkloadLimits = {
  hands: { healthy: 6, troubled: 2 },
  perEndpoint: 3,
  perTroubledEndpoint: 1,
  shiftMs: 60_000,
};
const big = 'mail.big.example:993';
const hanging = 'mail.hanging.example:993';

describe('what an instance works on', () => {
  it('gives one server a few connections, however many of its mailboxes are due', () => {
    const load = new Workload(limits);
    const works = [1, 2, 3].map(() => load.begin('healthy', big, 0));
    expect(load.roomIn('healthy')).toEqual({ lane: 'healthy', fullEndpoints: [big], troubledEndpoints: [] });
    load.end(works[0]!);
    expect(load.roomIn('healthy')?.fullEndpoints).toEqual([]);
  });

  it('gives a mailbox back whose server turns out to have no room', () => {
    const load = new Workload(limits);
    for (let n = 0; n < 3; n++) load.begin('healthy', big, 0);
    const unknown = load.begin('healthy', null, 0);
    expect(load.settle(unknown, big)).toBe(false);
    expect(load.settle(unknown, hanging)).toBe(true);
    expect(load.settle(unknown, hanging), 'it holds its own place').toBe(true);
  });

  it('keeps mailboxes in trouble to a few hands, and the others free of them', () => {
    const load = new Workload(limits);
    load.begin('troubled', hanging, 0);
    load.begin('troubled', 'other:993', 0);
    expect(load.roomIn('troubled')).toBeNull();
    expect(load.roomIn('healthy')).not.toBeNull();
  });

  it('tries a server that does not answer with one connection, until it answers', () => {
    const load = new Workload(limits);
    load.heard(hanging, false);
    expect(load.roomIn('healthy')).toMatchObject({ troubledEndpoints: [hanging], fullEndpoints: [] });
    load.begin('troubled', hanging, 0);
    expect(load.roomIn('troubled')?.fullEndpoints).toEqual([hanging]);
    load.heard(hanging, true);
    expect(load.roomIn('troubled')).toMatchObject({ troubledEndpoints: [], fullEndpoints: [] });
  });

  it('takes providers without a limit of ours as they come', () => {
    const load = new Workload(limits);
    for (let n = 0; n < 5; n++) expect(load.settle(load.begin('healthy', null, 0), null)).toBe(true);
    load.heard(null, false);
    expect(load.roomIn('healthy')).toEqual({ lane: 'healthy', fullEndpoints: [], troubledEndpoints: [] });
  });

  it('asks the longest look for its place, once it has had its shift, and then the next', () => {
    const load = new Workload(limits);
    const first = load.begin('healthy', big, 0);
    const second = load.begin('healthy', big, 1_000);
    load.askForPlace('healthy', 59_999);
    expect(first.yields).toBe(false);
    load.askForPlace('healthy', 60_000);
    expect([first.yields, second.yields]).toEqual([true, false]);
    load.askForPlace('healthy', 61_000);
    expect(second.yields).toBe(true);
  });
});
