import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateLimits } from '../../../platform/rate-limits/index.js';
import { type KeptMails } from '../composing/kept-mails.js';
import { CompanyPace } from './company-pace.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-01T09:00:00Z');

/** The pace over windows that are kept in memory; a mail is addressed to as many as its id says. */
function aPace(): CompanyPace {
  const used = new Map<string, number>();
  const windows = {
    findOneAndUpdate: async ({ _id }: { _id: string }, { $inc }: { $inc: { used: number } }) => {
      used.set(_id, (used.get(_id) ?? 0) + $inc.used);
      return { used: used.get(_id) };
    },
    updateOne: async ({ _id }: { _id: string }, { $inc }: { $inc: { used: number } }) =>
      void used.set(_id, (used.get(_id) ?? 0) + $inc.used),
  };
  const mails = { addresseesOf: async (id: string) => ({ recipients: Array.from({ length: Number(id) }) }) };
  return new CompanyPace(new RateLimits({ collection: () => windows } as never), mails as unknown as KeptMails);
}

async function waitFor(pace: CompanyPace, ...mail: Parameters<CompanyPace['take']>): Promise<number> {
  const room = await pace.take(...mail);
  return 'waitMs' in room ? room.waitMs : 0;
}

async function tryInVain(pace: CompanyPace, ...mail: Parameters<CompanyPace['take']>): Promise<void> {
  const room = await pace.take(...mail);
  if ('waitMs' in room) throw new Error('There was no room for it.');
  await room.giveBack();
}

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

describe('the pace of a company by HRBC’s server', () => {
  const all = { route: 'hrbc', outstanding: null } as const;
  const to = (recipients: number) => ({ company: 'acme', mailId: String(recipients) });

  it('counts recipients: 300 a minute', async () => {
    const pace = aPace();
    for (let n = 0; n < 6; n++) expect(await waitFor(pace, to(50), all)).toBe(0);
    expect(await waitFor(pace, to(1), all)).toBe(MINUTE);
    vi.setSystemTime(START + MINUTE);
    expect(await waitFor(pace, to(1), all)).toBe(0);
  });

  it('lets a mail to more than that leave, and nothing after it', async () => {
    const pace = aPace();
    expect(await waitFor(pace, to(1), all)).toBe(0);
    expect(await waitFor(pace, to(500), all)).toBe(0);
    expect(await waitFor(pace, to(500), all)).toBe(MINUTE);
    expect(await waitFor(pace, to(1), all)).toBe(MINUTE);
  });

  it('counts those alone to whom the mail still goes', async () => {
    const pace = aPace();
    for (let n = 0; n < 100; n++) expect(await waitFor(pace, to(500), { ...all, outstanding: [3, 4, 5] })).toBe(0);
    expect(await waitFor(pace, to(500), { ...all, outstanding: [3] })).toBe(MINUTE);
  });

  it('6,000 an hour, of which mails that wait for their minute use up nothing', async () => {
    const pace = aPace();
    for (let minute = 0; minute < 20; minute++) {
      vi.setSystemTime(START + minute * MINUTE);
      expect(await waitFor(pace, to(300), all)).toBe(0);
      for (let n = 0; n < 5; n++) expect(await waitFor(pace, to(300), all)).toBe(MINUTE);
    }
    vi.setSystemTime(START + 20 * MINUTE);
    expect(await waitFor(pace, to(1), all)).toBe(HOUR - 20 * MINUTE);
    vi.setSystemTime(START + HOUR);
    expect(await waitFor(pace, to(1), all)).toBe(0);
  });

  it('holds up no other company, and no mail by a provider', async () => {
    const pace = aPace();
    expect(await waitFor(pace, to(500), all)).toBe(0);
    expect(await waitFor(pace, { company: 'other', mailId: '1' }, all)).toBe(0);
    expect(await waitFor(pace, to(500), { ...all, route: 'gmail' })).toBe(0);
  });

  it('counts no attempt that sent nothing: with the server away for an hour, the others’ mails do not wait for it', async () => {
    const pace = aPace();
    for (let minute = 0; minute < 40; minute++) {
      vi.setSystemTime(START + minute * MINUTE);
      await tryInVain(pace, to(500), all);
      await tryInVain(pace, to(500), { ...all, outstanding: [1, 2] });
    }
    for (let n = 0; n < 300; n++) expect(await waitFor(pace, to(1), all)).toBe(0);
    expect(await waitFor(pace, to(1), all)).toBe(MINUTE);
  });

  it('has room again for those who waited, once some is given back', async () => {
    const pace = aPace();
    const room = await pace.take(to(300), all);
    for (let n = 0; n < 5; n++) expect(await waitFor(pace, to(300), all)).toBe(MINUTE);
    if ('giveBack' in room) await room.giveBack();
    expect(await waitFor(pace, to(300), all)).toBe(0);
    expect(await waitFor(pace, to(1), all)).toBe(MINUTE);
  });

  it('sends on where nothing can be given back', async () => {
    const limits = {
      take: async () => ({ window: 'w', amount: 1 }),
      giveBack: async () => {
        throw new Error('The store is away.');
      },
    } as unknown as RateLimits;
    const mails = { addresseesOf: async () => null } as unknown as KeptMails;
    await tryInVain(new CompanyPace(limits, mails), to(1), all);
  });
});
