import { graphFaults, identityErrorBody, type IdentityError } from '@libs/provider-simulators';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { generatedMail } from '../support/generated-mails.js';
import { allMails, isLookedIntoAgain, mailsAreHere, saveDetails } from '../support/mailbox-steps.js';
import {
  HRBC_APP,
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';
import { secretsInVault } from '../support/stored-documents.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example' };
const jiro = { userId: 'jiro', email: 'jiro@sample.example' };

describe('access to a mailbox at Microsoft', () => {
  let world: ServiceWithMicrosoft;
  let office365: string;
  let auditor: ApiClient;
  let user: ApiClient;
  let delivered = 0;

  beforeAll(async () => {
    world = await startWithMicrosoft({ LOG_LEVEL: 'info' });
    auditor = await world.service.as(admin);
    office365 = await registerOffice365(auditor);
    user = await world.service.as(taro);
    await connect(user, taro.email);
  });
  afterAll(() => world?.stop());
  beforeEach(() => {
    world.microsoft.faults.clear();
    world.microsoft.desk.refreshTokens = 'kept';
  });

  async function connect(of: ApiClient, email: string): Promise<void> {
    expect(await signIn(world, of, office365, { as: email })).toBe('ok');
    await saveDetails(of, '2026-11-01', true);
  }
  const setting = async (of = user) => (await of.get('/me/mail-setting')).body;
  const until = async (isThere: (body: { state: string; problem: { code: string } | null }) => boolean, of = user) =>
    eventually(async () => setting(of), isThere);
  /** A mail comes to the mailbox, and then to HRBC. */
  async function receivesOneMore(): Promise<void> {
    const before = (await allMails(user)).length;
    const mail = generatedMail(++delivered, new Date(Date.parse('2026-11-02T00:00:00Z') + delivered * 60_000));
    world.mailbox(taro.email).deliver(mail.source, mail.internalDate);
    await eventually(
      () => allMails(user),
      (mails) => mails.length === before + 1,
    );
  }
  /** Longer than a pass waits by itself. */
  const LONG = { 'retry-after': '120' };
  const refuse = (error: IdentityError, status = 400) => {
    world.microsoft.desk.expireAccessTokens();
    world.microsoft.faults.add({
      operation: 'identity.token',
      effect: { kind: 'answer', status, body: identityErrorBody(error), ...(status === 429 && { headers: LONG }) },
    });
  };
  const actionsRequired = async () =>
    (await auditor.get('/audit/events?type=MailSettingActionRequired&limit=200')).body.items as unknown[];

  it('is renewed in silence when the token ends, also before its time', async () => {
    await receivesOneMore();
    world.microsoft.desk.expireAccessTokens();
    await receivesOneMore();
    world.microsoft.faults.add({
      operation: 'graph.messages.delta',
      effect: graphFaults.refused(401, 'InvalidAuthenticationToken'),
      times: 1,
    });
    await receivesOneMore();
    expect(await setting()).toMatchObject({ state: 'in_use', problem: null });
    expect(await actionsRequired()).toEqual([]);
  });

  it('lasts where every refresh token is good only once, over many refreshes and a restart', async () => {
    world.microsoft.desk.refreshTokens = 'strict';
    for (let round = 0; round < 3; round++) {
      world.microsoft.desk.expireAccessTokens();
      await receivesOneMore();
    }
    await world.service.stop();
    await world.service.run();
    world.microsoft.desk.expireAccessTokens();
    await receivesOneMore();
    expect(await setting()).toMatchObject({ state: 'in_use', problem: null });
  });

  it.each([
    ['429', { error: 'temporarily_unavailable', number: 90_033 }, 429],
    ['503 with a refusal in its body', { error: 'invalid_grant', number: 50_173 }, 503],
    ['a passing fault', { error: 'temporarily_unavailable', number: 90_033 }, 400],
  ])('survives %s of the token endpoint: nobody is asked to sign in', async (_name, error, status) => {
    refuse(error, status);
    await until(({ problem }) => problem !== null);
    expect(await setting()).toMatchObject({
      state: 'in_use',
      problem: { fixableBy: expect.not.stringMatching(/^user$/) },
    });
    expect(await actionsRequired()).toEqual([]);
    // Its next try may be a while off; signing in again makes the mailbox due at once.
    world.microsoft.faults.clear();
    expect(await signIn(world, user, office365, { as: taro.email })).toBe('ok');
    await until(({ problem }) => problem === null);
  });

  it("is one alarm and nobody's login when HRBC's own secret is refused", async () => {
    const other = await world.service.as(jiro);
    await connect(other, jiro.email);
    refuse({ error: 'invalid_client', number: 7_000_222, text: 'The provided client secret keys are expired' }, 401);
    for (const someone of [user, other]) {
      await until(({ problem }) => problem?.code === 'provider_app_refused', someone);
      expect(await setting(someone)).toMatchObject({ state: 'in_use', problem: { fixableBy: 'service' } });
    }
    const metric = async () =>
      (await (await fetch(`${world.service.url}/metrics`)).text()).match(
        /hrbc_mail_oauth_app_refused\{service="office365"\} (\d)/,
      )?.[1];
    expect(await metric()).toBe('1');
    expect(world.service.log.split('The provider refuses our app').length - 1).toBe(1);
    expect(await actionsRequired()).toEqual([]);
    expect(await signIn(world, user, office365, { as: taro.email })).toBe('provider_app_refused');

    world.microsoft.faults.clear();
    for (const [someone, email] of [
      [user, taro.email],
      [other, jiro.email],
    ] as const) {
      expect(await signIn(world, someone, office365, { as: email })).toBe('ok');
    }
    await until(({ problem }) => problem === null);
    expect(await metric()).toBe('0');
  });

  it.each([
    ['its user: revoked', { error: 'invalid_grant', number: 50_173, suberror: 'bad_token' }, 'login_required', 'user'],
    ['its user: a second factor is due', { error: 'interaction_required', number: 50_076 }, 'login_required', 'user'],
    [
      'its administrator: conditional access',
      { error: 'invalid_grant', number: 53_003 },
      'access_policy_blocks',
      'admin',
    ],
    ['its administrator: disabled', { error: 'invalid_grant', number: 50_057 }, 'account_disabled', 'admin'],
  ])('waits for %s, and goes on with what came meanwhile', async (_name, error, code, fixableBy) => {
    refuse(error);
    await until(({ state }) => state === 'action_required');
    expect(await setting()).toMatchObject({ problem: { code, fixableBy } });
    const mail = generatedMail(++delivered, new Date(Date.parse('2026-11-02T00:00:00Z') + delivered * 60_000));
    world.mailbox(taro.email).deliver(mail.source, mail.internalDate);
    const before = (await allMails(user)).length;
    world.microsoft.faults.clear();
    expect(await signIn(world, user, office365, { as: taro.email })).toBe('ok');
    await until(({ state, problem }) => state === 'in_use' && problem === null);
    await eventually(
      () => allMails(user),
      (mails) => mails.length === before + 1,
    );
  });

  it('ends with the release: the tokens are destroyed, and Microsoft is asked no more (R14)', async () => {
    // A colleague stays connected, so that it can be told when everybody would have been asked for.
    const other = await world.service.as(jiro);
    await connect(other, jiro.email);
    const before = await secretsInVault(world.service);
    expect((await user.delete('/me/mail-setting')).status).toBe(204);

    const { body } = await auditor.get('/audit/events?type=OAuthAccountConnected&userId=taro&limit=200');
    const consents = body.items as { readonly data: { readonly credentialRef: string } }[];
    const tarosSecrets = consents.map(({ data }) => data.credentialRef);
    expect(before.filter((ref) => tarosSecrets.includes(ref))).toEqual(tarosSecrets.slice(-1));
    const after = await secretsInVault(world.service);
    expect(after).toEqual(before.filter((ref) => !tarosSecrets.includes(ref)));

    // A look that was under way may still end.
    await isLookedIntoAgain(other);
    world.microsoft.requests.clear();
    const received = (await allMails(user)).length;
    const late = generatedMail(++delivered, new Date(Date.parse('2026-11-02T00:00:00Z') + delivered * 60_000));
    for (const { email } of [taro, jiro]) world.mailbox(email).deliver(late.source, late.internalDate);
    await mailsAreHere(other, 1);
    await isLookedIntoAgain(other);
    expect(await allMails(user)).toHaveLength(received);
    expect(world.microsoft.requests.of('graph.*').filter(({ subject }) => subject === taro.email)).toEqual([]);
  });

  it('leaves no token and no secret in the log, whatever went wrong', () => {
    expect(world.service.log).not.toMatch(/sim\.[A-Za-z0-9_-]{20}/);
    expect(world.service.log).not.toContain(HRBC_APP.clientSecret);
    expect(world.service.log).not.toContain('AADSTS7000222: ');
  });
});
