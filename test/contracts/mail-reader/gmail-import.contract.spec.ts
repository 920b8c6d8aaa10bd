import { type FaultEffect, gmailErrorBody, gmailRefusals } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { type Cursor } from '../../../src/gateways/mail-reader.port.js';
import { generatedMail, sha256 } from '../../support/generated-mails.js';
import { GmailTests, type GmailUnderTest } from './gmail-mailbox.js';
import { SINCE } from './sample-mails.js';

const MAILS = 10_000;
const SECOND = 1_000;
const NEW_PROJECTS_UNITS = 6_000;

const refusal = (name: keyof typeof gmailRefusals): FaultEffect => {
  const { status } = gmailRefusals[name];
  return { kind: 'answer', status, body: gmailErrorBody(gmailRefusals[name]) };
};

/** What goes wrong at any time, and how likely. */
const FAULTS: readonly (readonly [FaultEffect, number])[] = [
  [{ kind: 'cut' }, 0.005],
  [{ kind: 'malformed' }, 0.005],
  [refusal('backendError'), 0.01],
  [refusal('unavailable'), 0.01],
  [refusal('userRateLimitExceeded'), 0.003],
  [refusal('tooManyConcurrent'), 0.003],
  [refusal('authError'), 0.003],
];

/** Imports as the inbox does: keeps what a batch brings, and goes on behind its cursor whatever happened. */
class Importing {
  /** By locator, how often it came and the digest of its bytes. */
  readonly mails = new Map<string, { readonly digest: string; readonly times: number }>();
  passes = 0;
  paced = 0;
  #cursor: Cursor | null = null;

  constructor(
    private readonly tests: GmailTests,
    private readonly gmail: GmailUnderTest,
  ) {}

  async run(afterPass: () => void): Promise<void> {
    for (let isThrough = false; !isThrough;) {
      if (++this.passes > 1_000) throw new Error('The import does not come to an end.');
      isThrough = await this.#pass();
      afterPass();
    }
  }

  async #pass(): Promise<boolean> {
    const known = new Set(this.mails.keys());
    const request = { cursor: this.#cursor, since: SINCE, signal: new AbortController().signal };
    try {
      for await (const batch of this.gmail.reader({ known }).changesSince(request)) {
        for (const { locator, source } of batch.mails) {
          this.mails.set(locator, { digest: sha256(source), times: (this.mails.get(locator)?.times ?? 0) + 1 });
        }
        expect(batch.unreadable).toEqual([]);
        this.#cursor = JSON.parse(JSON.stringify(batch.cursor)) as Cursor;
      }
      return this.#cursor?.protocol === 'gmail' && this.#cursor.backfill === undefined;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      await this.#comeBackAfter(error);
      return false;
    }
  }

  async #comeBackAfter({ failure }: GatewayError): Promise<void> {
    if (failure.kind === 'RateLimited') {
      if (failure.paced) this.paced += 1;
      await this.tests.clock.pause(failure.retryAfterMs);
    } else {
      expect(['Unavailable', 'AuthorizationLost']).toContain(failure.kind);
      await this.tests.clock.pause(10 * SECOND);
    }
  }
}

describe('importing a large INBOX from Gmail', () => {
  let tests: GmailTests;

  beforeAll(async () => {
    tests = await GmailTests.start();
  });
  afterAll(() => tests.close());

  it(`takes ${MAILS} mails under random faults: all of them, each once, within the quota of a new project`, async () => {
    const gmail = tests.mailbox();
    const wanted = new Map<string, string>();
    const deliver = (n: number, receivedAt: Date): void => {
      const { source, digest } = generatedMail(n, receivedAt);
      wanted.set(gmail.deliver({ source, receivedAt }).id, digest);
    };
    for (let n = 0; n < MAILS; n++) deliver(n, new Date(SINCE.getTime() + n * 137 * SECOND));
    for (const [effect, probability] of FAULTS) tests.google.faults.add({ operation: 'gmail.*', effect, probability });

    const importing = new Importing(tests, gmail);
    await importing.run(() => {
      const n = importing.passes;
      if (n % 3 === 0 && n < 60) deliver(MAILS + n, new Date(tests.clock.now()));
    });
    tests.google.faults.clear();
    await importing.run(() => undefined);

    expect(importing.mails.size).toBe(wanted.size);
    expect([...importing.mails.values()].filter(({ times }) => times !== 1)).toEqual([]);
    for (const [id, digest] of wanted) expect(importing.mails.get(id)?.digest).toBe(digest);
    expect(importing.paced).toBeGreaterThan(10);
    expect(tests.google.quota.refusals).toBe(0);
    expect(tests.google.quota.peakOf(gmail.address)).toBeLessThanOrEqual(NEW_PROJECTS_UNITS);
  });
});
