import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { inboxStream } from '../../../src/modules/inbox/inbox.events.js';
import { LostMailbox } from '../../../src/modules/inbox/receiving/lost-mailbox.js';
import { FakeInbox, mailOf } from './fake-inbox.js';
import { COMPANY, Crash, ReceivingService } from './receiving-service.js';

let service: ReceivingService;
let inbox: FakeInbox;
let user: string;
let users = 0;

beforeAll(async () => {
  service = await ReceivingService.start();
});
afterAll(async () => service?.close());

beforeEach(() => {
  user = `user${(users += 1)}`;
  inbox = new FakeInbox();
  service.opener.mailboxes.set(user, inbox);
  service.opener.decideSharing = () => true;
});

const deliver = (from: number, to: number): void => {
  for (let n = from; n <= to; n++) inbox.deliver(mailOf(`mail ${n}`));
};
const subjects = async (): Promise<string[]> => (await service.received(user)).map(({ subject }) => subject).sort();
const named = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `mail ${from + index}`).sort();
/** Crashes when the n-th batch is stored and not yet on the record. */
const crashAtBatch = (n: number): void => {
  let batches = 0;
  service.opener.decideSharing = () => {
    if ((batches += 1) === n) throw new Crash();
    return true;
  };
};

describe('receiving a mailbox', () => {
  it('loses nothing and doubles nothing by a crash between storing and recording', async () => {
    deliver(1, 8);
    crashAtBatch(2);
    await expect(service.look(user)).rejects.toThrow(Crash);
    expect(await subjects(), 'what is not on the record is not there').toEqual(named(1, 3));

    service.opener.decideSharing = () => true;
    await service.look(user);
    expect(await subjects()).toEqual(named(1, 8));
    const ids = await service.recordedIds(user);
    expect([ids.length, new Set(ids).size]).toEqual([8, 8]);
    const standing = (await service.eventsOf(user)).at(-1)!.data.standing;
    expect(standing).toMatchObject({ phase: 'receiving', import: { found: 8, imported: 8, known: 0, quarantined: 0 } });
  });

  it('lets one of two passes through that meet', async () => {
    deliver(1, 9);
    const outcomes = await Promise.allSettled([service.look(user), service.look(user), service.look(user)]);
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    for (const reason of lost) expect(reason).toBeInstanceOf(LostMailbox);
    await service.look(user);
    expect(await subjects()).toEqual(named(1, 9));
    expect(await service.recordedIds(user)).toHaveLength(9);
  });

  it('shares every batch as the setting says when the batch comes', async () => {
    deliver(1, 6);
    let batches = 0;
    service.opener.decideSharing = () => (batches += 1) === 1;
    await service.look(user);
    const shared = new Map((await service.received(user)).map((mail) => [mail.subject, mail.shared]));
    expect([shared.get('mail 1'), shared.get('mail 3'), shared.get('mail 4'), shared.get('mail 6')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('ends when the setting is released in the middle, with what is on the record by then', async () => {
    deliver(1, 9);
    let batches = 0;
    service.opener.decideSharing = () => ((batches += 1) === 2 ? null : true);
    await expect(service.look(user)).rejects.toThrow(LostMailbox);
    expect(await subjects()).toEqual(named(1, 3));
  });

  it('makes place when asked to, and goes on from there', async () => {
    deliver(1, 9);
    expect(await service.look(user, { yields: () => true })).toEqual({ finished: false, hint: null });
    expect(await subjects()).toEqual(named(1, 3));
    const { standing } = (await service.eventsOf(user)).at(-1)!.data;
    expect(standing).toMatchObject({ phase: 'importing', import: { found: 9, imported: 3, completed: false } });
    expect(await service.look(user)).toMatchObject({ finished: true });
    expect(await subjects()).toEqual(named(1, 9));
    const done = (await service.eventsOf(user)).at(-1)!.data.standing.import;
    expect(done).toMatchObject({ found: 9, imported: 9, completed: true });
    expect(done.oldestOnServer, 'seen by the first pass only').toBe(inbox.mails[0]!.receivedAt.toISOString());
  });

  it('appends nothing where nothing came, and keeps the newer cursor as a hint', async () => {
    deliver(1, 2);
    await service.look(user);
    const before = (await service.eventsOf(user)).length;
    inbox.deliver(mailOf('too old'), { receivedAt: new Date('2020-01-01T00:00:00Z') });
    const { hint } = await service.look(user);
    expect((await service.eventsOf(user)).length).toBe(before);
    await service.look(user, { hint });
    expect(inbox.cursorsSeen.at(-1)).toMatchObject({ lastUid: 3 });
  });

  it('finds everything again after the server has forgotten its UIDs, and doubles nothing', async () => {
    deliver(1, 5);
    await service.look(user);
    inbox.resetUidValidity();
    deliver(6, 7);
    await expect(service.look(user)).rejects.toThrow(GatewayError);
    await service.resetCursor(user, 'uid_validity_changed');
    await service.look(user);
    expect(await subjects()).toEqual(named(1, 7));
    const types = (await service.eventsOf(user)).map(({ type }) => type);
    expect(types.filter((type) => type === 'CursorReset')).toHaveLength(1);
    expect(types.at(-1)).toBe('InboxReconciled');
    expect(await service.recordedIds(user)).toHaveLength(7);
  });

  it('takes equal bytes for one mail, and an equal Message-ID with other content for two', async () => {
    inbox.deliver(mailOf('twin'));
    inbox.deliver(mailOf('twin'));
    inbox.deliver(mailOf('twin', 'other text'));
    await service.look(user);
    expect(await subjects()).toEqual(['twin', 'twin']);
    expect((await service.eventsOf(user)).at(-1)!.data.standing.import).toMatchObject({
      imported: 2,
      known: 1,
      found: 3,
    });
  });
});

describe('a large cursor', () => {
  const uidls = Array.from({ length: 50_000 }, (_, n) => `uidl${n.toString(36).padStart(4, '0')}`);
  const cursors = () => service.connection.collection('mailbox_cursors');
  const mine = () => ({ mailbox: inboxStream(COMPANY, user) });

  it('of 50,000 ids comes back whole, and no event holds it', async () => {
    inbox.ballast = uidls;
    deliver(1, 7);
    await service.look(user);
    for (const event of await service.eventsOf(user)) expect(JSON.stringify(event.data).length).toBeLessThan(2_000);
    deliver(8, 8);
    await service.look(user);
    expect(inbox.cursorsSeen.at(-1)).toEqual({ protocol: 'imap', uidValidity: '1', lastUid: 7, uidls });
    expect(await subjects()).toEqual(named(1, 8));
  });

  it('is forgotten when a newer one is on the record', async () => {
    inbox.ballast = uidls;
    deliver(1, 9);
    await service.look(user);
    deliver(10, 10);
    await service.look(user);
    await service.look(user);
    expect(await cursors().countDocuments(mine())).toBe(1);
  });

  it('that is lost costs a comparison of everything, and nothing else', async () => {
    inbox.ballast = uidls;
    deliver(1, 4);
    await service.look(user);
    await cursors().deleteMany(mine());
    deliver(5, 5);
    await expect(service.look(user)).rejects.toMatchObject({
      failure: { kind: 'CursorInvalid', reason: 'cursor_not_kept' },
    });
    await service.resetCursor(user, 'cursor_not_kept');
    await service.look(user);
    expect(await subjects()).toEqual(named(1, 5));
  });
});
