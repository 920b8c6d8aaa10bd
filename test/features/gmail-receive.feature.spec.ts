import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { DAY, FIRST_SECOND, GmailStory, LAST_SECOND_BEFORE } from '../support/gmail-story.js';
import { generatedMail } from '../support/generated-mails.js';
import { registerGmail, type ServiceWithGoogle, signIn, startWithGoogle } from '../support/google-steps.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';

const MINUTE = 60_000;
const oldest = generatedMail(1, new Date('2019-05-01T00:00:00Z'));

describe('receiving from Gmail', () => {
  let story: GmailStory;

  beforeAll(async () => {
    story = await GmailStory.begin();
    for (const mail of [oldest, generatedMail(2, LAST_SECOND_BEFORE)]) story.deliver(mail);
    for (let n = 0; n < 60; n++) {
      story.deliverWanted(generatedMail(1_000 + n, new Date(FIRST_SECOND.getTime() + n * MINUTE)));
    }
    await story.signIn();
  });
  afterAll(async () => story?.world.stop());

  it('imports exactly the INBOX from the chosen day in Japan on, byte for byte, and changes nothing (R29, R30, R36, R38)', async () => {
    const { mailbox } = story;
    story.deliver(story.newMail(), ['Label_1', 'UNREAD']);
    story.deliver(story.newMail(), ['SENT']);
    const untouched = [mailbox.all(), mailbox.historyId];
    expect(await story.import()).toMatchObject({
      found: 60,
      imported: 60,
      quarantined: 0,
      oldestOnServer: oldest.internalDate.toISOString(),
    });
    await story.holdsExactly();
    expect([mailbox.all(), mailbox.historyId]).toEqual(untouched);
  });

  it('receives what comes in, and of a thread only what is itself in the INBOX (R37)', async () => {
    const { id } = story.deliverWanted();
    story.deliver(story.newMail(), ['IMPORTANT'], id);
    story.deliver(story.newMail(), ['SENT'], id);
    await story.receivedExactly();
  });

  it('takes what is moved into the INBOX, unless it is from before the chosen day', async () => {
    const [old, moved] = [story.newMail(LAST_SECOND_BEFORE), story.newMail()];
    const ids = [old, moved].map((mail) => story.deliver(mail, ['Label_1']).id);
    await story.receivedExactly();
    for (const id of ids) story.mailbox.label(id, 'INBOX');
    story.wanted.push(moved);
    await story.receivedExactly();
  });

  it('keeps what is archived or deleted at Gmail afterwards', async () => {
    const [first, second] = story.mailbox.all().filter(({ labelIds }) => labelIds.has('INBOX'));
    story.mailbox.unlabel(first!.id, 'INBOX');
    story.mailbox.remove(second!.id);
    await story.receivedExactly();
  });

  it('compares anew when Gmail has forgotten the history: nothing lost, doubled, or fetched twice', async () => {
    const before = story.fetches;
    story.deliverWanted();
    story.mailbox.expireHistory();
    await story.receivedExactly();
    await story.receivedExactly();
    expect(story.fetches - before).toBeLessThan(10);
    const [reset] = await story.events('CursorReset');
    expect(reset?.data).toMatchObject({ reason: 'history_expired' });
  });

  it('loses nothing to faults of Google', async () => {
    const { google } = story.world;
    google.refuse('gmail.history.list', 'userRateLimitExceeded', { times: 1 });
    google.refuse('gmail.messages.get', 'backendError', { times: 2 });
    google.refuse('gmail.*', 'authError', { times: 1, after: 1 });
    google.faults.add(
      { operation: 'gmail.history.list', effect: { kind: 'cut' }, times: 1 },
      { operation: 'gmail.messages.get', effect: { kind: 'malformed' }, times: 1 },
    );
    for (let n = 0; n < 10; n++) story.deliverWanted();
    await story.receivedExactly();
  });

  it('has written no token and no mail to its log', () => {
    expect(story.world.service.log).not.toMatch(/ya29\.|1\/\/|GOCSPX|面談/);
  });
});

describe.skipIf(findDovecot() === null)(
  'a mailbox that used to come by IMAP (skipped where Dovecot is not installed)',
  () => {
    let world: ServiceWithGoogle;
    let dovecot: LocalDovecot;
    afterAll(async () => {
      await world?.stop();
      await dovecot?.stop();
    });

    it('comes by Gmail without a mail twice, and none is lost', async () => {
      dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'pw' }] });
      world = await startWithGoogle();
      const admin = await world.service.as({ userId: 'hanako', roles: ['admin'] });
      const user = await world.service.as({ userId: 'taro', email: 'taro@sample.example' });
      const minute = (n: number): Date => new Date(FIRST_SECOND.getTime() + n * MINUTE);
      const mails = Array.from({ length: 60 }, (_, n) => generatedMail(n, minute(n)).source);
      // Two that no Message-ID names and that differ in their text only, and a list's copy of the first mail.
      const nameless = mails[0]!.toString('latin1').replace(/^Message-ID:.*\r\n/m, '');
      mails.push(...['a', 'b'].map((line) => Buffer.from(`${nameless}${line}\r\n`, 'latin1')));
      mails.push(Buffer.concat([mails[0]!, Buffer.from('-- \r\nlist footer\r\n')]));
      for (const [n, source] of mails.entries()) dovecot.deliver('taro', source, { internalDate: minute(n) });
      await connectAccount(user, await registerImapServer(admin, dovecot), 'taro', 'pw');
      await saveDetails(user, DAY, true);
      await importCompleted(user);
      const byImap = (await allMails(user)).map(({ id }) => id).sort();
      expect(byImap).toHaveLength(63);

      // Gmail puts its own trace before what it received.
      const trace = Buffer.from('Delivered-To: taro@sample.example\r\nX-Received: by 2002:a05 with SMTP id x1\r\n');
      const mailbox = world.mailbox('taro@sample.example');
      const fresh = [generatedMail(100, minute(100)).source, Buffer.from(`${nameless}c\r\n`, 'latin1')];
      for (const [n, source] of [...mails, ...fresh].entries()) {
        mailbox.deliver(Buffer.concat([trace, source]), { internalDate: minute(n) });
      }
      expect(await signIn(user, await registerGmail(admin), { as: 'taro@sample.example' })).toBe('ok');
      await saveDetails(user, DAY, true);
      const { body } = await eventually(
        () => user.get('/me/mail-setting'),
        (answer) => answer.body.import?.state === 'completed' && answer.body.import.found > 63,
      );
      expect(body.import).toMatchObject({ found: 65, imported: 65 });
      const byGmail = (await allMails(user)).map(({ id }) => id).sort();
      expect(byGmail).toHaveLength(65);
      expect(byGmail).toEqual(expect.arrayContaining(byImap));
    });
  },
);
