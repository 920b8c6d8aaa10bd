import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { COMPANY_APP, registerGmail, SAMPLE_GOOGLE, type ServiceWithGoogle } from '../support/google-steps.js';
import { signIn, startWithGoogle } from '../support/google-steps.js';
import { importCompleted, saveDetails, type SettingPage } from '../support/mailbox-steps.js';

const TARO = { userId: 'taro', email: 'taro@sample.example' };
/** Makes the service take the time to be later than it is. */
const LATER = new URL('../support/later.mjs', import.meta.url).href;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Google says of every dead grant the same; what ended it follows from its age, and from how old the grant is allowed to be. */
describe('a grant of Google that ends', () => {
  let world: ServiceWithGoogle;
  let gmail: string;
  let user: ApiClient;
  let later = 0;

  beforeAll(async () => {
    const clients = [{ ...COMPANY_APP, audience: 'testing' as const }];
    world = await startWithGoogle({ ...SAMPLE_GOOGLE, clients }, {}, () => Date.now() + later);
    gmail = await registerGmail(await world.service.as({ userId: 'hanako', roles: ['admin'] }));
    user = await world.service.as(TARO);
    await connect();
    await saveDetails(user, '2026-11-01', false);
    await importCompleted(user);
  });
  afterAll(async () => world?.stop());

  const connect = async (): Promise<void> => expect(await signIn(user, gmail, { as: TARO.email })).toBe('ok');
  const setting = async () => (await user.get<SettingPage>('/me/mail-setting')).body;

  /** The service stands still meanwhile. */
  async function pass(milliseconds: number): Promise<void> {
    await world.service.stop();
    later += milliseconds;
    await world.service.run({ NODE_OPTIONS: `--import=${LATER}`, CLOCK_AHEAD_MS: String(later) });
    user = await world.service.as(TARO);
  }
  async function actionRequired() {
    const { problem } = await eventually(setting, ({ state }) => state === 'action_required');
    expect(problem?.fixableBy).toBe('user');
    return problem;
  }
  async function worksAgain(): Promise<void> {
    await connect();
    await eventually(setting, ({ state, problem }) => state === 'in_use' && problem === null);
  }

  it('after seven days says that the app is in testing, and what keeps it from ending every week', async () => {
    const refreshes = () => world.google.requests.of('oauth.token').length;
    const before = refreshes();
    await pass(6 * DAY);
    // Until it has been looked into again, a mailbox that nobody looked into for days is called silent.
    await eventually(setting, ({ problem }) => problem === null && refreshes() > before);
    expect((await setting()).state).toBe('in_use');
    await pass(DAY + HOUR);
    const problem = await actionRequired();
    expect(problem?.code).toBe('google_testing_ended');
    expect(problem?.detail).toMatch(/7日.*「テスト」.*「内部」.*「本番環境」/);
    await worksAgain();
  });

  it('after six months without use says so', async () => {
    world.google.accounts.changeClient(COMPANY_APP.clientId, { audience: 'unverified' });
    await worksAgain();
    await world.service.stop();
    world.google.desk.revoke(TARO.email); // as Google does after that time
    await pass(181 * DAY);
    const problem = await actionRequired();
    expect(problem?.code).toBe('google_grant_unused');
    expect(problem?.detail).toMatch(/6か月以上使われなかった.*受信を続けている間は起きません/);
    await worksAgain();
  });

  it('by session control of the organisation says whom to ask for an exception', async () => {
    const body = { error: 'invalid_grant', error_subtype: 'invalid_rapt', error_description: 'reauth related error' };
    world.google.desk.expireAccessTokens();
    world.google.faults.add({ operation: 'oauth.token', effect: { kind: 'answer', status: 400, body } });
    const problem = await actionRequired();
    expect(problem?.code).toBe('google_session_ended');
    expect(problem?.detail).toMatch(/セッション制御.*信頼できるアプリ/);
    world.google.faults.clear();
    await worksAgain();
  });

  it('by a new password, or because it was withdrawn, says that', async () => {
    world.google.desk.revoke(TARO.email);
    const problem = await actionRequired();
    expect(problem?.code).toBe('google_grant_ended');
    expect(problem?.detail).toMatch(/パスワードを変更したか、許可を取り消した/);
    await worksAgain();
  });
});
