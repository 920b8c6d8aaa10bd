import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection } from 'mongoose';
import { MailboxQueue, LEASE_MS, type TakenMailbox } from '../../../src/modules/inbox/receiving/mailbox-queue.js';
import { MailboxStatistics } from '../../../src/modules/inbox/receiving/mailbox-statistics.js';
import { DocumentStore } from '../platform-stores/document-store.js';
import { COMPANY } from './receiving-service.js';

const big = 'mail.big.example:993';
const small = 'mail.small.example:993';
const past = new Date('2026-11-22T00:00:00Z');
const everything = { lane: 'healthy', fullEndpoints: [], troubledEndpoints: [] } as const;
const failed = { code: 'mailbox_server_unreachable', since: past.toISOString(), count: 1 } as const;
/** A look that ends and is due again long ago, so that tests need not wait. */
const done = (endpoint: string) => ({ dueAt: past, hint: null, endpoint });

let documents: DocumentStore;
let connection: Connection;
let queue: MailboxQueue;

beforeAll(async () => {
  documents = await DocumentStore.open();
  connection = await documents.connect();
});
afterAll(async () => documents?.close());

beforeEach(async () => {
  await connection.collection('mailboxes').deleteMany({});
  queue = new MailboxQueue(connection);
  await queue.prepare();
});

const taken = async (filter: Parameters<MailboxQueue['take']>[0] = everything): Promise<TakenMailbox> => {
  const mailbox = await queue.take(filter);
  if (!mailbox) throw new Error('Nothing is due.');
  return mailbox;
};
const usersDue = async (filter: Parameters<MailboxQueue['take']>[0]): Promise<string[]> => {
  const users: string[] = [];
  for (let mailbox = await queue.take(filter); mailbox; mailbox = await queue.take(filter)) users.push(mailbox.userId);
  return users.sort();
};

describe('the queue of mailboxes', () => {
  it('gives each mailbox to one of fifty takers at once', async () => {
    for (let n = 0; n < 20; n++) await queue.activate(COMPANY, `user${n}`, past);
    const others = new MailboxQueue(await documents.connect());
    const takers = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? queue : others).take(everything));
    const users = (await Promise.all(takers)).flatMap((mailbox) => mailbox?.userId ?? []);
    expect([users.length, new Set(users).size]).toEqual([20, 20]);
  });

  it('gives what has been due longest first', async () => {
    await queue.activate(COMPANY, 'late', new Date(past.getTime() + 1_000));
    await queue.activate(COMPANY, 'early', past);
    expect((await taken()).userId).toBe('early');
  });

  it('gives at once what somebody waits for, unless it is being worked on or has failed', async () => {
    await queue.activate(COMPANY, 'alice', past);
    const later = { ...done(big), dueAt: new Date(Date.now() + 3_600_000) };
    await queue.succeed(await taken(), later);
    expect(await queue.isAnyDue()).toBe(false);
    await queue.hurry(COMPANY, 'alice');
    const again = await taken();
    await queue.hurry(COMPANY, 'alice');
    expect([await queue.isAnyDue(), await queue.renew(again)]).toEqual([false, true]);
    await queue.fail(again, later.dueAt, failed);
    await queue.hurry(COMPANY, 'alice');
    expect(await usersDue({ ...everything, lane: 'troubled' })).toEqual([]);
  });

  it('gives a mailbox again once its lease has run out, and heeds the earlier holder no more', async () => {
    await queue.activate(COMPANY, 'alice', past);
    const first = await taken();
    const later = new Date(Date.now() + LEASE_MS + 1);
    const second = await queue.take(everything, later);
    expect(second).toMatchObject({ userId: 'alice', fence: first.fence + 1 });

    expect(await queue.renew(first)).toBe(false);
    await queue.succeed(first, done(big));
    await queue.fail(first, past, failed);
    await queue.putBack(first, big);
    await queue.progressed(first);
    expect(await queue.conditionOf(COMPANY, 'alice')).toMatchObject({ lastCheckedAt: null, failure: null });
    expect(await queue.take(everything), 'still the second one’s').toBeNull();
    expect(await queue.renew(second!)).toBe(true);
  });

  it('takes the mailbox from its holder when the setting or the server changes', async () => {
    await queue.activate(COMPANY, 'alice', past);
    const beforeSetting = await taken();
    await queue.activate(COMPANY, 'alice', past);
    expect(await queue.renew(beforeSetting)).toBe(false);
    const beforeServer = await taken();
    await queue.recheck(COMPANY, 'alice', past);
    expect(await queue.renew(beforeServer)).toBe(false);
    expect((await taken()).userId).toBe('alice');
  });

  it('is retired by its holder, but not once it was activated again since', async () => {
    await queue.activate(COMPANY, 'alice', past);
    const mailbox = await taken();
    await queue.activate(COMPANY, 'alice', past);
    await queue.retire(mailbox);
    const again = await taken();
    await queue.retire(again);
    expect(await queue.conditionOf(COMPANY, 'alice')).toMatchObject({ active: false });
    expect(await queue.take(everything)).toBeNull();
  });

  it('gives nothing that is not to be read, and a re-check wakes nobody', async () => {
    await queue.activate(COMPANY, 'alice', past);
    await queue.deactivate(COMPANY, 'alice');
    await queue.recheck(COMPANY, 'alice', past);
    await queue.recheck(COMPANY, 'nobody', past);
    expect(await queue.take(everything)).toBeNull();
    expect(await queue.conditionOf(COMPANY, 'nobody')).toBeNull();
  });

  it('keeps failing mailboxes and silent servers apart from the others', async () => {
    const endpoints: Record<string, string> = { alice: big, bob: small, carol: small };
    for (const [n, user] of Object.keys(endpoints).entries()) {
      await queue.activate(COMPANY, user, new Date(past.getTime() + n));
    }
    for (let n = 0; n < 3; n++) {
      const mailbox = await taken();
      await queue.succeed(mailbox, { ...done(endpoints[mailbox.userId]!), dueAt: new Date(past.getTime() + 10 + n) });
    }
    const bob = (await taken({ ...everything, fullEndpoints: [big] })).userId === 'bob';
    await queue.releaseAll();
    expect(bob, 'servers without room are passed over').toBe(true);

    expect(await usersDue({ lane: 'healthy', fullEndpoints: [], troubledEndpoints: [big] })).toEqual(['bob', 'carol']);
    await queue.releaseAll();
    expect(await usersDue({ lane: 'troubled', fullEndpoints: [], troubledEndpoints: [big] })).toEqual(['alice']);
    await queue.releaseAll();
    const carol = await taken({ ...everything, fullEndpoints: [big] });
    await queue.fail(carol, past, failed);
    await queue.releaseAll();
    expect(await usersDue({ lane: 'troubled', fullEndpoints: [], troubledEndpoints: [] })).toEqual([carol.userId]);
    expect(await usersDue({ lane: 'troubled', fullEndpoints: [small], troubledEndpoints: [small] })).toEqual([]);
  });

  it('puts back what has to make place behind what waits', async () => {
    await queue.activate(COMPANY, 'alice', past);
    await queue.activate(COMPANY, 'bob', new Date(past.getTime() + 1_000));
    const alice = await taken();
    await queue.putBack(alice, big);
    expect((await taken()).userId).toBe('bob');
    expect(await taken()).toMatchObject({ userId: 'alice', endpoint: big, failure: null });
  });
});

describe('the statistics of the queue', () => {
  it('tell of silence that no failure tells of', async () => {
    const statistics = new MailboxStatistics(connection);
    await queue.activate(COMPANY, 'alive');
    await queue.activate(COMPANY, 'silent', past);
    await queue.activate(COMPANY, 'released', past);
    await queue.deactivate(COMPANY, 'released');
    const limit = new Date(Date.now() - 60_000);
    expect((await statistics.silent(limit, 10)).map(({ userId }) => userId)).toEqual(['silent']);
    await queue.progressed(await taken());
    expect(await statistics.countSilent(limit)).toBe(0);
  });

  it('count by problem, and say how long the longest has waited', async () => {
    const statistics = new MailboxStatistics(connection);
    expect(await statistics.lagSeconds(new Date())).toBe(0);
    await queue.activate(COMPANY, 'alice', past);
    await queue.activate(COMPANY, 'bob', past);
    await queue.fail(await taken(), past, failed);
    const counts = await statistics.countByProblem(['mailbox_server_unreachable', 'mailbox_busy']);
    expect([...counts]).toEqual([
      ['none', 1],
      ['mailbox_server_unreachable', 1],
      ['mailbox_busy', 0],
    ]);
    expect(await statistics.lagSeconds(new Date(past.getTime() + 5_000))).toBe(5);
  });
});
