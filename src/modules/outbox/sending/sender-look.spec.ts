import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError, type GatewayFailure } from '../../../gateways/gateway.errors.js';
import { type SentSearch } from '../../../gateways/index.js';
import { type Route } from '../outbox.events.js';
import { type Senders } from '../routing/senders.js';
import { type AttemptRecord } from './attempt-record.js';
import { MailboxTurns } from './mailbox-turns.js';
import { SenderLook } from './sender-look.js';

const NOW = new Date('2026-11-01T09:00:00Z');
const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
const never = new AbortController().signal;

interface Circumstances {
  readonly secondsAgo?: number;
  readonly route?: Route;
  readonly isRewritten?: boolean;
  readonly gateOf?: number;
  readonly turns?: MailboxTurns;
  readonly told?: string[];
}

/** A look at an accepted mail whose gate was passed so many seconds ago. */
async function look(
  said: SentSearch | GatewayFailure,
  {
    secondsAgo = 15,
    route = 'office365',
    isRewritten = false,
    gateOf = 1,
    turns = new MailboxTurns(),
    told = [],
  }: Circumstances = {},
): Promise<{ readonly next: Date | null; readonly told: readonly string[] }> {
  const findSent = async (): Promise<SentSearch> => {
    told.push('search');
    if (said.kind === 'found' || said.kind === 'absent' || said.kind === 'unsearchable') return said;
    throw new GatewayError(said);
  };
  const record = {
    sender: async (_attempt: unknown, sentAs: string) => void told.push(sentAs),
  } as unknown as AttemptRecord;
  const senders = { senderOf: async () => ({ findSent }) } as unknown as Senders;
  const gate = { attempt: gateOf, passed: true, passedAt: inSeconds(-secondsAgo) };
  const taken = { company: 'acme', mailId: 'm1', gate, dueAt: NOW, holder: 'h' };
  const known = { userId: 'taro', from: 'taro@acme.example', troubles: {}, outstanding: null, reports: [] };
  const mail = { ...known, route, isRewritten, attempts: 1, status: 'accepted' } as const;
  return { next: await new SenderLook(record, senders, turns).look(taken, mail, never), told };
}

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

describe('from which address an accepted mail went out', () => {
  it('is put on the record once its copy is there', async () => {
    expect(await look({ kind: 'found', sentAs: 'other@acme.example' })).toEqual({
      next: null,
      told: ['search', 'other@acme.example'],
    });
  });

  it('is looked for again while its copy is not filed yet, for ten minutes', async () => {
    expect(await look({ kind: 'absent' }, { secondsAgo: 599 })).toEqual({ next: inSeconds(60), told: ['search'] });
    expect(await look({ kind: 'absent' }, { secondsAgo: 600 })).toEqual({ next: null, told: [] });
  });

  it.each<[string, SentSearch]>([
    ['the copy does not say it', { kind: 'found', sentAs: null }],
    ['the copy was taken away', { kind: 'unsearchable' }],
  ])('stays unknown where %s', async (_what, said) => {
    expect(await look(said)).toEqual({ next: null, told: ['search'] });
  });

  it.each<[string, Circumstances]>([
    ['HRBC’s own server sent it, which rewrites nothing', { route: 'hrbc' }],
    ['it is on the record already', { isRewritten: true }],
    ['the gate is that of another attempt', { gateOf: 2 }],
  ])('is not looked for where %s', async (_what, mail) => {
    expect(await look({ kind: 'absent' }, mail)).toEqual({ next: null, told: [] });
  });

  it('waits for a provider that is away, and not for a person who has to log in', async () => {
    expect((await look({ kind: 'Unavailable', detail: 'timeout' })).next).toEqual(inSeconds(60));
    const lost = { kind: 'AuthorizationLost', detail: 'action_required', remedy: 'login_required' } as const;
    expect((await look(lost)).next).toBeNull();
  });

  it('leaves a mailbox alone that has met its limit', async () => {
    const [turns, told] = [new MailboxTurns(), [] as string[]];
    await look({ kind: 'RateLimited', retryAfterMs: 90_000 }, { turns, told });
    expect(await look({ kind: 'absent' }, { turns, told })).toEqual({ next: inSeconds(90), told: ['search'] });
  });
});
