import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { DAY, GmailStory } from '../support/gmail-story.js';
import { COMPANY_APP, OTHER_APP, signIn } from '../support/google-steps.js';
import { importCompleted, isLookedIntoAgain, mailsAreHere, saveDetails } from '../support/mailbox-steps.js';
import { secretsInVault } from '../support/stored-documents.js';

const TARO = 'taro@sample.example';
const misaki = { userId: 'misaki', email: 'misaki@sample.example', name: '人事 美咲' };

describe('a connection to Gmail', () => {
  let story: GmailStory;
  let colleague: ApiClient;

  beforeAll(async () => {
    story = await GmailStory.begin();
    for (let n = 0; n < 20; n++) story.deliverWanted();
    await story.signIn();
    await story.import();
    colleague = await story.world.service.as(misaki);
    expect(await signIn(colleague, story.mailServerId, { as: misaki.email })).toBe('ok');
    await saveDetails(colleague, DAY, false);
    await importCompleted(colleague);
  });
  afterAll(async () => story?.world.stop());

  it('goes on when access tokens end, and keeps the refresh tokens that take the place of others', async () => {
    const { desk } = story.world.google;
    desk.refreshTokens = 'rotated';
    for (let round = 0; round < 3; round++) {
      desk.expireAccessTokens(TARO);
      await story.receivedExactly();
    }
    desk.refreshTokens = 'kept';
  });

  const problems = async () =>
    (await story.admin.get('/admin/mailboxes')).body.summary.problems as { code: string; count: number }[];

  it('meets an API that is not enabled as one fault of the company, and goes on when it is', async () => {
    const { accounts } = story.world.google;
    accounts.changeClient(COMPANY_APP.clientId, { apiEnabled: false });
    const [problem] = await eventually(problems, ([first]) => first?.count === 2);
    expect(problem).toMatchObject({ code: 'gmail_api_disabled', count: 2 });
    const { state, problem: told } = await story.setting();
    expect([state, told?.code, told?.fixableBy]).toEqual(['in_use', 'gmail_api_disabled', 'admin']);
    expect(told?.detail).toMatch(/Gmail APIを有効にしてください.*再ログインは不要/);
    expect(await story.events('MailSettingActionRequired')).toEqual([]);
    accounts.changeClient(COMPANY_APP.clientId, { apiEnabled: true });
    // Nobody tells HRBC; saving makes a mailbox due before its next try.
    await saveDetails(story.user, DAY, false);
    await saveDetails(colleague, DAY, true);
    await eventually(problems, (left) => left.length === 0);
    await story.receivedExactly();
  });

  it('meets a wrong secret as one fault of the company, and goes on by itself when it is replaced', async () => {
    await story.admin.put('/google-api-setting', { ...COMPANY_APP, clientSecret: 'GOCSPX-mistyped' });
    story.world.google.desk.expireAccessTokens();
    const [problem] = await eventually(problems, ([first]) => first?.count === 2);
    expect(problem).toMatchObject({ code: 'google_client_invalid', count: 2 });
    expect(await story.setting()).toMatchObject({ state: 'in_use', problem: { fixableBy: 'admin' } });
    expect(await story.events('MailSettingActionRequired')).toEqual([]);
    await story.admin.put('/google-api-setting', COMPANY_APP);
    await eventually(problems, (left) => left.length === 0);
    await story.receivedExactly();
  });

  it('meets a deleted client as one fault of the company, and goes on by itself when it is mended', async () => {
    const { google } = story.world;
    google.accounts.changeClient(COMPANY_APP.clientId, { deleted: true });
    google.desk.expireAccessTokens();

    const [problem] = await eventually(problems, ([first]) => first?.count === 2);
    expect(problem).toMatchObject({ code: 'google_client_deleted', count: 2 });
    expect(await story.setting()).toMatchObject({
      state: 'in_use',
      problem: { code: 'google_client_deleted', fixableBy: 'admin' },
    });
    expect(await story.events('MailSettingActionRequired')).toEqual([]);

    const renewed = { ...COMPANY_APP, clientSecret: 'GOCSPX-renewed' };
    google.accounts.changeClient(COMPANY_APP.clientId, { deleted: false, clientSecret: renewed.clientSecret });
    await story.admin.put('/google-api-setting', renewed);
    await eventually(problems, (left) => left.length === 0);
    await story.receivedExactly();
  });

  it('asks for a new sign-in when the grant has died, says why, and then goes on where it was', async () => {
    story.world.google.desk.revoke(TARO);
    const { problem } = await eventually(
      () => story.setting(),
      ({ state }) => state === 'action_required',
    );
    expect(problem).toMatchObject({ code: 'google_grant_ended', fixableBy: 'user' });
    expect(problem?.detail).toMatch(/パスワードを変更/);
    story.deliverWanted();
    await story.signIn();
    expect(await story.setting()).toMatchObject({ state: 'in_use', importSince: DAY, problem: null });
    await story.receivedExactly();
  });

  it('asks everybody for a new sign-in when the client id changes, in the name of who changed it', async () => {
    await story.admin.put('/google-api-setting', OTHER_APP);
    expect(await story.setting()).toMatchObject({
      state: 'action_required',
      problem: { code: 'google_client_changed', fixableBy: 'user' },
    });
    const required = await story.events('MailSettingActionRequired');
    const changed = required.filter(({ data }) => data['code'] === 'google_client_changed');
    expect(changed.map(({ data }) => data['userId']).sort()).toEqual(['misaki', 'taro']);
    for (const { actor } of changed) expect(actor).toMatchObject({ kind: 'user', userId: 'hanako' });

    const before = story.fetches;
    story.deliverWanted();
    await story.signIn();
    await story.receivedExactly();
    expect(story.fetches - before).toBeLessThan(5);
  });

  it('ends with the release: the tokens are destroyed, the mail stays, and nobody asks Google any more (R14)', async () => {
    // A colleague stays connected, so that it can be told when everybody would have been asked for.
    expect(await signIn(colleague, story.mailServerId, { as: misaki.email })).toBe('ok');
    const before = await secretsInVault(story.world.service);
    expect((await story.user.delete('/me/mail-setting')).status).toBe(204);
    expect(await story.setting()).toMatchObject({ state: 'released' });

    const consents = (await story.events('OAuthAccountConnected')).filter(({ data }) => data['userId'] === 'taro');
    const tarosSecrets = consents.map(({ data }) => data['credentialRef']);
    expect(before.filter((ref) => tarosSecrets.includes(ref))).toEqual(tarosSecrets.slice(-1));
    const after = await secretsInVault(story.world.service);
    expect(after).toEqual(before.filter((ref) => !tarosSecrets.includes(ref)));

    // A look that was under way may still end.
    await isLookedIntoAgain(colleague);
    story.world.google.requests.clear();
    const late = story.newMail();
    story.deliver(late);
    story.world.mailbox(misaki.email).deliver(late.source, { internalDate: late.internalDate });
    await mailsAreHere(colleague, 1);
    await isLookedIntoAgain(colleague);
    await story.holdsExactly();
    const asked = story.world.google.requests.of('gmail.*').filter(({ subject }) => subject === TARO);
    expect(asked).toEqual([]);
  });

  it('has left no token, no secret and no mail in log and record', async () => {
    const { body } = await story.admin.get('/audit/events?limit=200');
    for (const text of [JSON.stringify(body), story.world.service.log]) {
      expect(text).not.toMatch(/ya29\.|"1\/\/|GOCSPX|面談/);
    }
  });
});
