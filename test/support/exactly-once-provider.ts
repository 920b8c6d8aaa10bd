import { type FaultEffect, type GoogleSimulator, type MicrosoftSimulator } from '@libs/provider-simulators';
import { expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { exactlyOnceThrough, IS_SOAK, ROUNDS, ROUNDS_TIMEOUT_MS, type RouteUnderTest } from './exactly-once.js';

interface ProviderUnderFire {
  readonly simulator: GoogleSimulator | MicrosoftSimulator;
  /** The request by which a mail is sent. */
  readonly send: string;
  /** Another request that the service may be killed at, and what that place is called. */
  readonly also: { readonly operation: string; readonly place: string };
  /** What becomes of the mails, one after the other, and so on again. */
  readonly effects: readonly FaultEffect[];
  readonly mailsARound: number;
}

/** The part of a route that is the same behind every simulated provider. */
export function underFire({ simulator, send, also, effects, mailsARound }: ProviderUnderFire) {
  let held = Promise.resolve();
  let mails = 0;
  let arrived = 0;
  let watched: { readonly place: string; readonly seen: () => void } | null = null;
  simulator.onStep = async (operation, step) => {
    const place = operation === send ? step : operation === also.operation ? also.place : null;
    if (place !== null && place === watched?.place) watched.seen();
    if (place !== 'arrived') return;
    arrived += 1;
    await held;
  };
  return {
    mailsARound,
    killAt: IS_SOAK ? ['done', 'arrived', 'queued', 'done', also.place] : ['done', 'queued'],
    hold: () => {
      simulator.faults.clear();
      const next = effects.map((_, n) => effects[(mails + n) % effects.length]!);
      simulator.faults.add(...next.map((effect) => ({ operation: send, effect, times: 1 })));
      mails += mailsARound;
      arrived = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    gathered: async () => {
      await eventually(
        async () => arrived,
        (count) => count >= mailsARound,
      );
    },
    watch: (place: string | null, seen: () => void) => {
      watched = place === null ? null : { place, seen };
    },
    calm: () => simulator.faults.clear(),
  } satisfies Partial<RouteUnderTest>;
}

/** The proof for a provider that can be asked afterwards what it has sent. */
export function itSendsExactlyOnce(way: string, route: () => RouteUnderTest): void {
  it(
    `in ${ROUNDS} rounds nobody gets a mail twice, and none is lost without saying so`,
    async () => {
      const { states, triedAgain } = await exactlyOnceThrough(route());
      console.log(`${way}, ${ROUNDS} rounds:`, states, `tried again: ${triedAgain}`);
      expect(states['accepted']).toBeGreaterThan(0);
      if (IS_SOAK) expect(triedAgain).toBeGreaterThan(0);
      // What was sent can be asked for, so nobody is left in doubt.
      expect(states['unknown'] ?? 0).toBe(0);
    },
    ROUNDS_TIMEOUT_MS,
  );
}
