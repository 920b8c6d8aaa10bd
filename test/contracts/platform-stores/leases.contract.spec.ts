import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Leases } from '../../../src/platform/scheduling/index.js';
import { DocumentStore } from './document-store.js';

const MINUTE = 60_000;

describe('leases', () => {
  let store: DocumentStore;
  let leases: Leases;
  let instances: Leases[];

  beforeAll(async () => {
    store = await DocumentStore.open();
    instances = await Promise.all(Array.from({ length: 5 }, async () => new Leases(await store.connect())));
    leases = instances[0]!;
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await (await store.connect()).collection('leases').deleteMany({});
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

  const race = async (name: string) => {
    const takers = Array.from({ length: 50 }, (_, n) => instances[n % 5]!.take(name, `holder-${n}`, MINUTE));
    return (await Promise.all(takers)).filter((lease) => lease !== null);
  };

  it('are given to exactly one of fifty who want a new one at once', async () => {
    expect(await race('mailbox-1')).toEqual([{ fence: 1 }]);
  });

  it('are given to exactly one of fifty who want one that has run out', async () => {
    await leases.take('mailbox-1', 'crashed', MINUTE);
    pass(MINUTE);
    expect(await race('mailbox-1')).toEqual([{ fence: 2 }]);
  });

  it('are one for each name', async () => {
    expect(await leases.take('mailbox-1', 'a', MINUTE)).toEqual({ fence: 1 });
    expect(await leases.take('mailbox-2', 'a', MINUTE)).toEqual({ fence: 1 });
  });

  it('are given to nobody while they last, their holder included', async () => {
    await leases.take('mailbox-1', 'a', MINUTE);
    pass(MINUTE - 1);
    expect(await leases.take('mailbox-1', 'b', MINUTE)).toBeNull();
    expect(await leases.take('mailbox-1', 'a', MINUTE)).toBeNull();
  });

  it('last as long as they are renewed', async () => {
    const { fence } = (await leases.take('mailbox-1', 'a', MINUTE))!;
    for (let n = 0; n < 3; n++) {
      pass(MINUTE - 1);
      expect(await leases.renew('mailbox-1', 'a', fence, MINUTE)).toBe(true);
    }
    pass(MINUTE - 1);
    expect(await leases.take('mailbox-1', 'b', MINUTE)).toBeNull();
  });

  it('once released can be had at once, under a greater number', async () => {
    const { fence } = (await leases.take('mailbox-1', 'a', MINUTE))!;
    await leases.release('mailbox-1', 'a', fence);
    expect(await leases.take('mailbox-1', 'b', MINUTE)).toEqual({ fence: fence + 1 });
  });

  it('cannot be renewed or released by a holder who was too late', async () => {
    const late = (await leases.take('mailbox-1', 'a', MINUTE))!;
    pass(MINUTE);
    const present = (await leases.take('mailbox-1', 'a', MINUTE))!;
    expect(present.fence).toBeGreaterThan(late.fence);
    expect(await leases.renew('mailbox-1', 'a', late.fence, MINUTE)).toBe(false);
    await leases.release('mailbox-1', 'a', late.fence);
    expect(await leases.take('mailbox-1', 'b', MINUTE)).toBeNull();
  });

  it('cannot be renewed by who never had one', async () => {
    expect(await leases.renew('mailbox-1', 'a', 1, MINUTE)).toBe(false);
  });
});
