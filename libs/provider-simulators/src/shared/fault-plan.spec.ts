import { describe, expect, it } from 'vitest';
import { type Fault, FaultPlan } from './fault-plan.js';

const effect = { kind: 'cut' } as const;
const drawn = (plan: FaultPlan, count: number, operation = 'graph.me', subject: string | null = 'taro') =>
  Array.from({ length: count }, () => plan.next(operation, subject, '/path') !== null);
const planOf = (...faults: readonly Fault[]): FaultPlan => {
  const plan = new FaultPlan(7);
  plan.add(...faults);
  return plan;
};

describe('a fault', () => {
  it('strikes until it is cleared', () => {
    const plan = planOf({ operation: 'graph.me', effect });
    expect(drawn(plan, 3)).toEqual([true, true, true]);
    plan.clear();
    expect(drawn(plan, 1)).toEqual([false]);
  });
  it('strikes so many times, after so many', () =>
    expect(drawn(planOf({ operation: 'graph.me', effect, times: 2, after: 1 }), 5)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]));
  it('concerns an operation, a family of them, a mailbox or a path', () => {
    expect(drawn(planOf({ operation: 'graph.*', effect }), 1, 'graph.messages.delta')).toEqual([true]);
    expect(drawn(planOf({ operation: 'graph.message', effect }), 1, 'graph.messages')).toEqual([false]);
    expect(drawn(planOf({ operation: 'graph.me', effect, subject: 'TARO' }), 1)).toEqual([true]);
    expect(drawn(planOf({ operation: 'graph.me', effect, subject: 'jiro' }), 1)).toEqual([false]);
    expect(drawn(planOf({ operation: 'graph.me', effect, path: '/other' }), 1)).toEqual([false]);
  });
  it('strikes at random, and the same way each time with the same seed', () => {
    const fault = { operation: 'graph.me', effect, probability: 0.3 };
    const first = drawn(planOf(fault), 1_000);
    expect(drawn(planOf(fault), 1_000)).toEqual(first);
    const struck = first.filter(Boolean).length;
    expect(struck).toBeGreaterThan(200);
    expect(struck).toBeLessThan(400);
  });
  it('that comes first wins', () => {
    const plan = planOf({ operation: 'graph.me', effect, times: 1 }, { operation: '*', effect: { kind: 'malformed' } });
    expect([plan.next('graph.me', null, '/'), plan.next('graph.me', null, '/')]).toEqual([
      { kind: 'cut' },
      { kind: 'malformed' },
    ]);
  });
});
