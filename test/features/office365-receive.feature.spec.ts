import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { type GeneratedMail, generatedMail } from '../support/generated-mails.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import {
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example' };
const jiro = { userId: 'jiro', email: 'jiro@sample.example' };

const DAY = '2026-11-01';
const firstSecond = new Date('2026-10-31T15:00:00Z').getTime();
const MINUTE = 60_000;
const mailAt = (n: number, minutes: number): GeneratedMail =>
  generatedMail(n, new Date(firstSecond + minutes * MINUTE));
const subjectsOf = (mails: readonly { readonly subject: string }[]): string[] =>
  mails.map(({ subject }) => subject).sort();

const past = Array.from({ length: 20 }, (_, n) => mailAt(n, -1 - n));
const wanted = Array.from({ length: 120 }, (_, n) => mailAt(1_000 + n, n));

/** The same mail as a machine would send it that names none of its mails, with a line more. */
function withoutMessageId(source: Buffer, line: string): Buffer {
  const text = source.toString('latin1').replace(/^Message-ID:.*\r\n/im, '');
  return Buffer.from(text.replace('\r\n\r\n', `\r\n\r\n${line}\r\n`), 'latin1');
}

describe('receiving from Office365', () => {
  let world: ServiceWithMicrosoft;
  let user: ApiClient;
  let auditor: ApiClient;
  let office365: string;

  beforeAll(async () => {
    world = await startWithMicrosoft();
    auditor = await world.service.as(admin);
    office365 = await registerOffice365(auditor);
    user = await world.service.as(taro);
    const mailbox = world.mailbox(taro.email);
    for (const { source, internalDate } of [...past, ...wanted]) mailbox.deliver(source, internalDate);
    for (const mail of [mailAt(5_000, 10), mailAt(5_001, 11)])
      mailbox.deliver(mail.source, mail.internalDate, 'archive');
  });
  afterAll(() => world?.stop());

  const deliver = ({ source, internalDate }: GeneratedMail, folder?: string): string =>
    world.mailbox(taro.email).deliver(source, internalDate, folder);
  const received = async (count: number, of = user) =>
    eventually(
      () => allMails(of),
      (mails) => mails.length >= count,
    );
  const events = async (type: string) =>
    (await auditor.get(`/audit/events?type=${type}&limit=200`)).body.items as unknown[];
  const checkedAgain = async () => {
    const { lastCheckedAt } = (await user.get('/me/mail-setting')).body;
    await eventually(
      () => user.get('/me/mail-setting'),
      ({ body }) => body.lastCheckedAt > lastCheckedAt,
    );
  };

  it('imports exactly the Inbox from the chosen day on, and changes nothing there (R29, R30, R36, R38)', async () => {
    const before = world.mailbox(taro.email).snapshot();
    expect(await signIn(world, user, office365, { as: taro.email })).toBe('ok');
    await saveDetails(user, DAY, true);
    const report = await importCompleted(user);
    expect(report).toMatchObject({ found: 120, imported: 120, quarantined: 0 });
    expect(report.oldestOnServer).toBe(past.at(-1)!.internalDate.toISOString());
    const mails = await allMails(user);
    expect(mails.map(({ subject }) => subject)).toEqual(wanted.map(({ subject }) => subject).reverse());
    expect(mails.map(({ receivedAt }) => receivedAt)).toEqual(
      wanted.map(({ internalDate }) => internalDate.toISOString()).reverse(),
    );
    expect(world.mailbox(taro.email).snapshot()).toEqual(before);
  });

  it('reads what Exchange wrote anew as its sender wrote it', async () => {
    for (const mail of (await allMails(user)).slice(0, 4)) {
      const { body } = await user.get(`/inbox/messages/${mail.id}`);
      expect(body.text).toContain('よろしくお願いいたします。');
      expect(body.subject).toBe(mail.subject);
    }
  });

  it('receives what comes later, once, and a poll without news appends nothing', async () => {
    for (const n of [2_000, 2_001, 2_002]) deliver(mailAt(n, 5_000 + n));
    await received(123);
    const before = (await events('MailsReceived')).length;
    await checkedAgain();
    await checkedAgain();
    expect((await events('MailsReceived')).length).toBe(before);
    expect(await allMails(user)).toHaveLength(123);
  });

  it('takes no notice of flags, replays, moves out and deletions, and takes what is moved in', async () => {
    world.microsoft.delta.duplicate = true;
    world.microsoft.delta.reorder = true;
    const mailbox = world.mailbox(taro.email);
    const ids = mailbox.inFolder('inbox').map(({ immutableId }) => immutableId);
    for (const id of ids.slice(0, 30)) mailbox.markRead(id);
    for (const id of ids.slice(30, 40)) mailbox.move(id, 'archive');
    for (const id of ids.slice(40, 50)) mailbox.remove(id);
    world.microsoft.requests.clear();
    mailbox.move(deliver(mailAt(5_100, 20), 'archive'), 'inbox');
    const mails = await received(124);
    expect(mails.map(({ subject }) => subject)).toContain(mailAt(5_100, 20).subject);
    await checkedAgain();
    expect(await allMails(user)).toHaveLength(124);
    expect(world.microsoft.requests.of('graph.message.source')).toHaveLength(1);
  });

  it('keeps two different mails whose Message-ID, Date and From are equal', async () => {
    const direct = mailAt(2_100, 6_000);
    const byList = Buffer.from(
      direct.source.toString('latin1').replace(/よろしく|\r\n\r\n/, '\r\n\r\n[list]\r\n'),
      'latin1',
    );
    deliver(direct);
    world.mailbox(taro.email).deliver(byList, new Date(direct.internalDate.getTime() + 1_000));
    const mails = await received(126);
    expect(mails.filter(({ subject }) => subject === direct.subject)).toHaveLength(2);
  });

  it('compares everything anew when Microsoft has forgotten the delta token, by identity and never by bytes', async () => {
    const mailbox = world.mailbox(taro.email);
    deliver(mailAt(2_200, 6_100));
    mailbox.expireDeltaTokens();
    const mails = await received(127);
    expect(subjectsOf(mails)).toContain(mailAt(2_200, 6_100).subject);
    await eventually(
      () => events('InboxReconciled'),
      (found) => found.length === 1,
    );
    expect(await events('CursorReset')).toMatchObject([{ data: { reason: 'sync_state_not_found' } }]);
    await checkedAgain();
    expect(await allMails(user)).toHaveLength(127);
  });

  it('goes on after a restart, losing and doubling nothing', async () => {
    await world.service.stop();
    deliver(mailAt(2_300, 6_200));
    await world.service.run();
    expect(await received(128)).toHaveLength(128);
  });

  it('released keeps its mail, and connected again imports nothing twice', async () => {
    expect((await user.delete('/me/mail-setting')).status).toBe(204);
    deliver(mailAt(2_400, 6_300));
    expect(await signIn(world, user, office365, { as: taro.email })).toBe('ok');
    await saveDetails(user, DAY, false);
    const mails = await received(129);
    expect(mails).toHaveLength(129);
    expect(mails.find(({ subject }) => subject === mailAt(2_400, 6_300).subject)).toMatchObject({ shared: false });
  });

  it('starts with new mail only, where that was chosen', async () => {
    const other = await world.service.as(jiro);
    for (let n = 0; n < 5; n++)
      world.mailbox(jiro.email).deliver(mailAt(3_000 + n, n).source, new Date(Date.now() - MINUTE));
    expect(await signIn(world, other, office365, { as: jiro.email })).toBe('ok');
    await saveDetails(other, null, true);
    expect(await importCompleted(other)).toMatchObject({ found: 0, imported: 0 });
    const fresh = generatedMail(3_100, new Date(Date.now() + MINUTE), jiro.email);
    world.mailbox(jiro.email).deliver(fresh.source, fresh.internalDate);
    expect(subjectsOf(await received(1, other))).toEqual([fresh.subject]);
  });
});

describe.skipIf(findDovecot() === null)(
  'a mailbox that used to come by IMAP (skipped where Dovecot is not installed)',
  () => {
    let world: ServiceWithMicrosoft;
    let dovecot: LocalDovecot;
    afterAll(async () => {
      await world?.stop();
      await dovecot?.stop();
    });

    it('comes by Graph without a mail twice, and none is lost', async () => {
      dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'pw' }] });
      world = await startWithMicrosoft();
      const auditor = await world.service.as(admin);
      const user = await world.service.as(taro);
      const before = Array.from({ length: 60 }, (_, n) => mailAt(n, n));
      // The copy of a list has the same headers as the direct one.
      const twin = Buffer.concat([before[0]!.source, Buffer.from('\r\n-- \r\nlist footer\r\n')]);
      // Scanners send without a Message-ID, and two pages within one second.
      const scans = [0, 1].map((n) => withoutMessageId(before[4]!.source, `page ${n}`));
      for (const { source, internalDate } of before) dovecot.deliver('taro', source, { internalDate });
      for (const scan of scans) dovecot.deliver('taro', scan, { internalDate: before[4]!.internalDate });
      dovecot.deliver('taro', twin, { internalDate: before[0]!.internalDate });
      await connectAccount(user, await registerImapServer(auditor, dovecot), 'taro', 'pw');
      await saveDetails(user, DAY, true);
      await importCompleted(user);
      const byImap = (await allMails(user)).map(({ id }) => id).sort();
      expect(byImap).toHaveLength(63);

      const mailbox = world.mailbox(taro.email);
      for (const { source, internalDate } of before) mailbox.deliver(source, internalDate);
      mailbox.deliver(twin, before[0]!.internalDate);
      for (const scan of scans) mailbox.deliver(scan, before[4]!.internalDate);
      mailbox.deliver(withoutMessageId(before[4]!.source, 'page 2'), before[4]!.internalDate);
      const fresh = [mailAt(100, 100), mailAt(101, 101)];
      for (const { source, internalDate } of fresh) mailbox.deliver(source, internalDate);
      // A third one of those headers, which IMAP has not brought.
      const third = Buffer.concat([before[0]!.source, Buffer.from('\r\n-- \r\nanother footer\r\n')]);
      mailbox.deliver(third, new Date(before[0]!.internalDate.getTime() + 30 * MINUTE));

      expect(await signIn(world, user, await registerOffice365(auditor), { as: taro.email })).toBe('ok');
      await saveDetails(user, DAY, true);
      const { body } = await eventually(
        () => user.get('/me/mail-setting'),
        (answer) => answer.body.import?.state === 'completed' && answer.body.import.found > 63,
      );
      expect(body.import).toMatchObject({ found: 67, imported: 67 });
      const byGraph = (await allMails(user)).map(({ id }) => id).sort();
      expect(byGraph).toHaveLength(67);
      expect(byGraph).toEqual(expect.arrayContaining(byImap));

      // And the reconcile that follows a lost cursor still knows which is which.
      mailbox.expireDeltaTokens();
      await eventually(
        async () => (await auditor.get('/audit/events?type=InboxReconciled')).body.items as unknown[],
        (found) => found.length === 1,
      );
      expect(await allMails(user)).toHaveLength(67);
    });
  },
);
