import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatedMail, sha256 } from '../support/generated-mails.js';
import {
  allMails,
  connectAccount,
  importCompleted,
  registerImapServer,
  saveDetails,
} from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const MAILS = 1_500;
const KILLS = 20;
const start = new Date('2026-11-01T00:00:00Z').getTime();
const mails = Array.from({ length: MAILS }, (_, n) => generatedMail(n, new Date(start + n * 1_000)));
const before = Array.from({ length: 50 }, (_, n) => generatedMail(10_000 + n, new Date('2026-09-01T00:00:00Z')));

/** Drawn anew at every run, and told when a run fails. */
const seed = Math.floor(Math.random() * 2 ** 31);

/** Numerical Recipes' generator: enough to spread kills over an import. */
function* randomNumbers(from: number): Generator<number, never> {
  for (let state = from; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe.skipIf(findDovecot() === null)('an import that is killed (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;

  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'secret' }] });
    for (const { source, internalDate } of [...before, ...mails]) dovecot.deliver('taro', source, { internalDate });
    service = await TestService.start();
  }, 120_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it(`has in the end exactly the right mails once, after ${KILLS} kills at random moments (seed ${seed})`, async () => {
    const random = randomNumbers(seed);
    const taro = { userId: 'taro', email: 'taro@sample.example' };
    let user = await service.as(taro);
    const server = await registerImapServer(await service.as({ userId: 'admin', roles: ['admin'] }), dovecot);
    await connectAccount(user, server, 'taro', 'secret');
    await saveDetails(user, '2026-10-01', true);

    const seen: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(50 + random.next().value * 500);
      await service.kill();
      await service.run();
      user = await service.as(taro);
      seen.push((await user.get('/me/mail-setting')).body.import?.imported ?? 0);
    }
    const report = await importCompleted(user);

    expect(report, `progress seen: ${seen.join(' ')}`).toMatchObject({ found: MAILS, imported: MAILS, quarantined: 0 });
    const listed = await allMails(user);
    const sources = await Promise.all(
      listed.map(async ({ id }) => sha256((await user.bytes(`/inbox/messages/${id}/source`)).bytes)),
    );
    expect(sources.sort()).toEqual(mails.map(({ digest }) => digest).sort());

    const auditor = await service.as({ userId: 'auditor', roles: ['auditor'] });
    const recorded: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const cursor: string = after === '' ? '' : `&after=${after}`;
      const { body } = await auditor.get(`/audit/events?type=MailsReceived&limit=200${cursor}`);
      for (const { data } of body.items) recorded.push(...data.messages.map(({ id }: { id: string }) => id));
      after = body.next as string | null;
    }
    expect(recorded.sort(), 'every mail is on the record exactly once').toEqual(listed.map(({ id }) => id).sort());
  }, 900_000);
});
