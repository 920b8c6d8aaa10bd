import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { sentMail, submit } from './outbox-steps.js';
import { type TestService } from './service.js';

/** More rounds for a soak: OUTBOX_ROUNDS=200 npm test -- --project features test/features/outbox-exactly-once */
export const ROUNDS = Number(process.env['OUTBOX_ROUNDS'] ?? 5);
/** In a soak there is time for what takes the service minutes to be sure of. */
export const IS_SOAK = ROUNDS > 5;
export const ROUNDS_TIMEOUT_MS = 3_000_000 + ROUNDS * 40_000;
/** Whom the rounds have hit again and again in a soak is tried again after half an hour only (retry.policy). */
const SETTLED_MS = IS_SOAK ? 2_700_000 : 400_000;

/** A way of sending, with a provider behind it that behaves and misbehaves as it is told. */
export interface RouteUnderTest {
  readonly service: TestService;
  readonly recipients: readonly string[];
  /** When the service is killed: while the provider is silent (`queued`), or when a mail has come so far there. */
  readonly killAt: readonly string[];
  /** Who writes the mails of this round. */
  author(round: number): Promise<ApiClient>;
  readonly mailsARound: number;
  /** The provider says nothing to anybody until the answered function is called. */
  hold(): () => void;
  /**
   * Resolves when all mails of the round are at the provider. Of one whose request was cut off under way the service is
   * sure only after minutes, so that is left to soaks.
   */
  readonly gathered?: () => Promise<void>;
  /** Calls back whenever a mail comes to this place; without a place nobody is called any more. */
  watch(place: string | null, seen: () => void): void;
  /** The provider behaves from now on. */
  calm(): void;
  /** How often each recipient has got the mail, in the order of `recipients`. */
  copies(mailId: string): readonly number[];
}

export interface RoundsOutcome {
  /** How many mails ended in which state. */
  readonly states: Readonly<Record<string, number>>;
  /** How many mails were tried more than once. */
  readonly triedAgain: number;
}

/**
 * Round after round: mails are queued, the provider misbehaves, the service is killed somewhere and started again. Then
 * all is let go, and of every mail it is checked that nobody has it twice, and that whoever has not got it is told of.
 */
export async function exactlyOnceThrough(route: RouteUnderTest): Promise<RoundsOutcome> {
  const submitted: { readonly id: string; readonly round: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const author = await route.author(round);
    const place = route.killAt[round % route.killAt.length]!;
    const letGo = route.hold();
    for (let n = 0; n < route.mailsARound; n++) {
      const mail = { to: route.recipients, subject: `${round}/${n}`, text: 'x' };
      submitted.push({ id: await submit(author, mail), round });
    }
    if (!IS_SOAK) await route.gathered?.();
    if (place === 'queued') await route.service.kill();
    const killed = place === 'queued' ? null : killedAt(route, place, 1 + (round % 3));
    letGo();
    await killed;
    await route.service.run();
  }
  route.calm();
  const states: Record<string, number> = {};
  let triedAgain = 0;
  for (const { id, round } of submitted) {
    const { state, attempts } = await settled(await route.author(round), id);
    states[state] = (states[state] ?? 0) + 1;
    if (attempts.length > 1) triedAgain += 1;
    checkCopies(route, id, state, attempts);
  }
  return { states, triedAgain };
}

type Attempts = Awaited<ReturnType<typeof sentMail>>['attempts'];

function checkCopies(route: RouteUnderTest, id: string, state: string, attempts: Attempts): void {
  // Who was deferred on the way has to have it in the end: only what stands at the end, or for good, excuses.
  const excused = attempts.flatMap(({ outcome, refused }) =>
    refused.filter(({ code }) => outcome === 'accepted' || code === 'recipient_refused'),
  );
  const refused = new Set(excused.map(({ address }) => address));
  for (const [index, times] of route.copies(id).entries()) {
    const story = `${route.recipients[index]!} of ${id}, which is ${state}: ${JSON.stringify(attempts)}`;
    expect(times, story).toBeLessThanOrEqual(1);
    if (state === 'accepted' && !refused.has(route.recipients[index]!)) expect(times, story).toBe(1);
    if (state === 'failed') expect(times, story).toBe(0);
  }
}

/** Resolves when the service has been killed there, or, when the round does not get so far, wherever it is then. */
async function killedAt(route: RouteUnderTest, place: string, nth: number): Promise<void> {
  let seen = 0;
  const { promise: there, resolve } = Promise.withResolvers<void>();
  route.watch(place, () => {
    if (++seen !== nth) return;
    void route.service.kill();
    resolve();
  });
  await Promise.race([there, sleep(3_000)]);
  route.watch(null, () => undefined);
  await route.service.kill();
}

const settled = (author: ApiClient, id: string) =>
  eventually(
    () => sentMail(author, id),
    ({ state }) => ['accepted', 'failed', 'unknown'].includes(state),
    SETTLED_MS,
  );
