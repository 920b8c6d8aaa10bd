import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { away, inSeconds, known, NOW, queued, Scene, sendingFor } from '../../../../test/support/send-mail-scene.js';
import { type GatewayFailure } from '../../../gateways/gateway.errors.js';
import { type SentSearch } from '../../../gateways/index.js';
import { type OutboxMailState } from '../outbox.decider.js';
import { type Gate } from './outbox-queue.js';

const passedSecondsAgo = (seconds: number): Gate => ({ attempt: 1, passed: true, passedAt: inSeconds(-seconds) });
const passed = passedSecondsAgo(60);
const notPassed = { attempt: 1, passed: false };

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

describe('a look at a queued mail', () => {
  it('sends it', async () => {
    const scene = new Scene(queued);
    expect(await scene.look()).toBeNull();
    expect(scene.told).toEqual(['send', 'accepted']);
  });

  it('looks again where nobody could say yet from which address it went out', async () => {
    const scene = new Scene(queued);
    scene.outcome = { kind: 'accepted', refused: [], sentAs: null };
    expect(await scene.look()).toEqual(inSeconds(5));
    expect(scene.told).toEqual(['send', 'accepted']);
  });

  it('waits while the company has sent enough', async () => {
    const scene = new Scene(queued);
    scene.wait = 20_000;
    expect(await scene.look()).toEqual(inSeconds(20));
    expect(scene.told).toEqual([]);
  });

  it.each([
    ['another instance has it', { isOurs: false }],
    ['it has been taken back, or begun', { starts: false }],
  ])('does nothing when %s', async (_what, change) => {
    const scene = Object.assign(new Scene(queued), change);
    expect(await scene.look()).toEqual(NOW);
    expect(scene.told).toEqual([]);
  });

  it('comes again after a failure that passes', async () => {
    const scene = new Scene(queued);
    scene.outcome = { kind: 'not_sent', failure: { kind: 'Unavailable', detail: 'timeout' }, refused: [] };
    expect(await scene.look()).toEqual(inSeconds(5));
    expect(scene.told).toEqual(['send', 'sending_unreachable again']);
  });

  it.each<[string, Partial<Scene>, number]>([
    ['that the provider did not take', { outcome: { kind: 'not_sent', failure: away, refused: [] } }, 1],
    ['whose mailbox cannot be opened', { unopened: away }, 1],
    ['that another instance has begun', { starts: false }, 1],
    ['that was taken', {}, 0],
    ['that may have been taken', { outcome: { kind: 'uncertain', detail: 'timeout' } }, 0],
  ])(
    'gives room in the pace of the company back when nothing was sent: a mail %s',
    async (_what, change, givenBack) => {
      const scene = Object.assign(new Scene(queued), change);
      await scene.look();
      expect(scene.givenBack).toBe(givenBack);
    },
  );

  it('spends no attempt while its mailbox has to be left alone, which one mail learns for all', async () => {
    const scene = new Scene(queued);
    scene.outcome = { kind: 'not_sent', failure: { kind: 'RateLimited', retryAfterMs: 90_000 }, refused: [] };
    expect(await scene.look()).toEqual(inSeconds(90));
    expect(await scene.look()).toEqual(inSeconds(90));
    expect(scene.told).toEqual(['send', 'sending_rate_limited again']);
    vi.setSystemTime(inSeconds(90));
    scene.outcome = { kind: 'accepted', refused: [], sentAs: known.from };
    expect(await scene.look()).toBeNull();
  });

  it('does not hand over what it was let through for so long ago that others may have it', async () => {
    const scene = new Scene(queued);
    scene.passing = () => void vi.advanceTimersByTime(16_000);
    expect(await scene.look()).toEqual(inSeconds(16));
    expect(scene.told).toEqual(['send']);
  });

  it('gives its turn back, whatever happens', async () => {
    const scene = new Scene(queued);
    scene.search = { kind: 'unsearchable' };
    scene.outcome = { kind: 'uncertain', detail: 'timeout' };
    for (let n = 0; n < 10; n++) expect(await scene.look()).toBeNull();
  });

  it('fails without sending when its mailbox is not connected any more', async () => {
    const scene = new Scene(queued);
    scene.unopened = { kind: 'MailboxNotSupported', detail: 'not_connected' };
    expect(await scene.look()).toBeNull();
    expect(scene.told).toEqual(['sending_not_connected for good']);
  });

  it.each<[SentSearch['kind'], Date | null, string[]]>([
    ['found', null, ['send', 'search', 'found']],
    ['absent', inSeconds(15), ['send', 'search']],
    ['unsearchable', null, ['send', 'search', 'unknown']],
  ])('an outcome that nobody saw, %s in what was sent', async (kind, next, told) => {
    const scene = new Scene(queued);
    scene.outcome = { kind: 'uncertain', detail: 'timeout' };
    scene.search = kind === 'found' ? { kind, sentAs: null } : { kind };
    expect(await scene.look()).toEqual(next);
    expect(scene.told).toEqual(told);
  });
});

describe('a look at an attempt without an end', () => {
  it('that did not pass the gate: nothing was sent, and it is sent again at once', async () => {
    const scene = new Scene(sendingFor(60), notPassed);
    expect(await scene.look()).toEqual(NOW);
    expect(scene.told).toEqual(['sending_interrupted again']);
  });

  it.each<[string, Gate | null]>([
    ['passed the gate', passed],
    ['left no trace of the gate', null],
    ['left the gate of another attempt', { attempt: 2, passed: false }],
  ])('that %s: is looked for before anything else', async (_what, gate) => {
    const scene = new Scene(sendingFor(60), gate);
    expect(await scene.look()).toEqual(inSeconds(15));
    expect(scene.told).toEqual(['search']);
  });

  it('is accepted once it is found', async () => {
    const scene = new Scene(sendingFor(60), passed);
    scene.search = { kind: 'found', sentAs: null };
    expect(await scene.look()).toBeNull();
    expect(scene.told).toEqual(['search', 'found']);
  });

  it('is sent again only after three minutes in which it was not there, counted from the gate', async () => {
    const early = new Scene(sendingFor(500), passedSecondsAgo(179));
    expect(await early.look()).toEqual(inSeconds(15));
    expect(early.told).toEqual(['search']);
    const late = new Scene(sendingFor(500), passedSecondsAgo(180));
    expect(await late.look()).toEqual(NOW);
    expect(late.told).toEqual(['search', 'sending_interrupted again']);
  });

  it.each<[string, OutboxMailState, Gate, SentSearch]>([
    ['it did not pass the gate', sendingFor(60), notPassed, { kind: 'absent' }],
    ['it is not there', sendingFor(500), passedSecondsAgo(200), { kind: 'absent' }],
    ['nobody can look', sendingFor(500), passed, { kind: 'unsearchable' }],
  ])('is left to whoever holds the mail by now, also where %s', async (_what, state, gate, search) => {
    const scene = Object.assign(new Scene(state, gate), { search, isOurs: false });
    expect(await scene.look()).toEqual(NOW);
    expect(scene.told.filter((word) => word !== 'search')).toEqual([]);
  });

  it('is not sent again by a search that was begun too early, however long it took', async () => {
    const scene = new Scene(sendingFor(500), passedSecondsAgo(170));
    scene.searching = () => void vi.setSystemTime(inSeconds(60));
    expect(await scene.look()).toEqual(inSeconds(75));
    expect(scene.told).toEqual(['search']);
  });

  it('is unknown where nobody can look', async () => {
    const scene = new Scene(sendingFor(1_000), passed);
    scene.search = { kind: 'unsearchable' };
    expect(await scene.look()).toBeNull();
    expect(scene.told).toEqual(['search', 'unknown']);
  });

  it('waits for a provider that is away, and leaves it to a person after a day', async () => {
    const waiting = new Scene(sendingFor(3_600), passed);
    waiting.search = { kind: 'Unavailable', detail: 'timeout' };
    expect(await waiting.look()).toEqual(inSeconds(600));
    const after = new Scene(sendingFor(25 * 3_600), passed);
    after.search = { kind: 'Unavailable', detail: 'timeout' };
    expect(await after.look()).toBeNull();
    expect(after.told).toEqual(['search', 'unknown']);
  });

  it('is left to a person at once when the mailbox cannot be opened', async () => {
    const scene = new Scene(sendingFor(60), passed);
    scene.unopened = { kind: 'AuthorizationLost', detail: 'action_required', remedy: 'login_required' };
    expect(await scene.look()).toBeNull();
    expect(scene.told).toEqual(['unknown']);
  });

  it.each<[string, GatewayFailure]>([
    ['a login is refused once', { kind: 'AuthorizationLost', detail: 'invalid_token' }],
    ['an app is at fault', { kind: 'Rejected', code: 'google_client_blocked' }],
  ])('is looked for again when %s', async (_what, failure) => {
    const scene = new Scene(sendingFor(60), passed);
    scene.search = failure;
    expect(await scene.look()).toEqual(inSeconds(15));
    expect(scene.told).toEqual(['search']);
  });
});

it('an accepted mail whose sender is not known yet is looked for once more', async () => {
  const scene = new Scene({ ...known, status: 'accepted', attempts: 1 }, passed);
  scene.search = { kind: 'found', sentAs: 'other@acme.example' };
  expect(await scene.look()).toBeNull();
  expect(scene.told).toEqual(['search', 'as other@acme.example']);
});

it.each(['accepted', 'failed', 'unknown', 'cancelled'] as const)('a mail that is %s is left alone', async (status) => {
  const scene = new Scene({ ...known, status, attempts: 1 });
  expect(await scene.look()).toBeNull();
  expect(scene.told).toEqual([]);
});
