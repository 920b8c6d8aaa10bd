import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LEASE_MS, OutboxQueue, type TakenMail } from '../../../src/modules/outbox/sending/outbox-queue.js';
import { DocumentStore } from './document-store.js';

const HOUR = 60 * 60_000;

describe('the queue of mails to be sent', () => {
  let store: DocumentStore;
  let queue: OutboxQueue;
  let instances: OutboxQueue[];

  beforeAll(async () => {
    store = await DocumentStore.open();
    instances = await Promise.all(Array.from({ length: 3 }, async () => new OutboxQueue(await store.connect())));
    queue = instances[0]!;
    await queue.prepare();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await (await store.connect()).collection('outbox_queue').deleteMany({});
    vi.useFakeTimers({ toFake: ['Date'] });
    await queue.schedule('acme', 'm1', new Date());
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
  const inMs = (milliseconds: number) => new Date(Date.now() + milliseconds);
  const taken = async (): Promise<TakenMail> => {
    const mail = await queue.take();
    if (mail === null) throw new Error('No mail is due.');
    return mail;
  };
  /** One who took the mail and was not heard of again, and one who has it now. */
  const twoHolders = async (attempt = 1): Promise<[TakenMail, TakenMail]> => {
    const former = await taken();
    await queue.prepareAttempt(former, attempt);
    pass(LEASE_MS);
    return [former, await taken()];
  };

  it('gives a mail to exactly one of fifty who want it at once', async () => {
    const takers = await Promise.all(Array.from({ length: 50 }, (_, n) => instances[n % 3]!.take()));
    expect(takers.filter((mail) => mail !== null)).toMatchObject([{ company: 'acme', mailId: 'm1', gate: null }]);
  });

  it('gives the mail first that has been due longest, and none before it is due', async () => {
    await queue.schedule('acme', 'm2', inMs(-1_000));
    await queue.schedule('acme', 'm3', inMs(1_000));
    expect([(await taken()).mailId, (await taken()).mailId]).toEqual(['m2', 'm1']);
    expect(await queue.take()).toBeNull();
    pass(1_000);
    expect((await taken()).mailId).toBe('m3');
  });

  it('gives a mail to the next one once its holder has not been heard of for the time of a lease', async () => {
    const former = await taken();
    pass(LEASE_MS - 1);
    expect(await queue.take()).toBeNull();
    expect(await queue.renew(former)).toBe(true);
    pass(LEASE_MS - 1);
    expect(await queue.take()).toBeNull();
    pass(1);
    expect((await taken()).mailId).toBe('m1');
  });

  it('takes no word from who held the mail before', async () => {
    const [former, present] = await twoHolders();
    expect(await queue.renew(former)).toBe(false);
    expect(await queue.prepareAttempt(former, 2)).toBe(false);
    expect(await queue.pass(former, 1)).toBe(false);
    await queue.release(former, new Date());
    await queue.finish(former);
    expect(await queue.take()).toBeNull();
    expect(await queue.renew(present)).toBe(true);
    await queue.release(present, new Date());
    expect((await taken()).mailId).toBe('m1');
  });

  it('lets an attempt pass once, whoever asks', async () => {
    const mail = await taken();
    expect(await queue.pass(mail, 1)).toBe(false);
    await queue.prepareAttempt(mail, 1);
    expect(await queue.pass(mail, 2)).toBe(false);
    const passes = await Promise.all(Array.from({ length: 20 }, (_, n) => instances[n % 3]!.pass(mail, 1)));
    expect(passes.filter(Boolean)).toHaveLength(1);
    // In another moment, or writing the same again would be no change either.
    pass(1);
    expect(await queue.pass(mail, 1)).toBe(false);
  });

  it('either lets an attempt pass or gives its mail, not passed, to another', async () => {
    for (let attempt = 1; attempt <= 20; attempt++) {
      const former = await taken();
      await queue.prepareAttempt(former, attempt);
      pass(LEASE_MS);
      const [passed, present] = await Promise.all([instances[1]!.pass(former, attempt), instances[2]!.take()]);
      expect([present?.gate?.passed ?? true, await queue.pass(former, attempt)]).toEqual([passed, false]);
      await queue.release(present ?? former, new Date());
    }
  });

  it('tells the next holder how far the attempt has come, and when it passed', async () => {
    const [, second] = await twoHolders();
    expect(second.gate).toMatchObject({ attempt: 1, passed: false });
    await queue.prepareAttempt(second, 2);
    await queue.pass(second, 2);
    const passedAt = new Date();
    pass(LEASE_MS);
    expect((await taken()).gate).toEqual({ attempt: 2, passed: true, passedAt });
  });

  it('gives a lease anew to what has passed', async () => {
    const mail = await taken();
    await queue.prepareAttempt(mail, 1);
    pass(LEASE_MS - 1);
    await queue.pass(mail, 1);
    pass(LEASE_MS - 1);
    expect(await queue.take()).toBeNull();
  });

  it('holds back what is finished, until it is scheduled anew', async () => {
    await queue.finish(await taken());
    pass(HOUR);
    expect(await queue.take()).toBeNull();
    await queue.schedule('acme', 'm1', new Date());
    expect((await taken()).mailId).toBe('m1');
  });

  it('does not lose what was scheduled while the mail was held', async () => {
    const mail = await taken();
    await queue.schedule('acme', 'm1', inMs(1_000));
    await queue.finish(mail);
    expect(await queue.take()).toBeNull();
    pass(1_000);
    expect((await taken()).mailId).toBe('m1');
  });

  it('keeps the gate when a mail is scheduled anew: who held it passes no more', async () => {
    const [former, present] = await twoHolders();
    await queue.finish(present);
    await queue.schedule('acme', 'm1', new Date());
    expect(await queue.pass(former, 1)).toBe(false);
    expect((await taken()).gate).toEqual({ attempt: 1, passed: false });
  });

  it('takes all mails from those who had them before a restart', async () => {
    const former = await taken();
    await queue.prepareAttempt(former, 1);
    await queue.releaseAll();
    expect(await queue.pass(former, 1)).toBe(false);
    expect(await queue.renew(former)).toBe(false);
    expect((await taken()).mailId).toBe('m1');
  });
});
