import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';

/** Resolves when the thing is fit for use and throws when it is not. */
export type ReadinessCheck = () => Promise<void>;

/** Not fit for use yet, as is normal after a start: no failure, and nothing to log. */
export class NotYetReady extends Error {
  override readonly name = 'NotYetReady';
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
}

const DEADLINE_MS = 3_000;

/** What has to be well for this instance to get requests. Whoever depends on something registers a check for it. */
@Injectable()
export class ReadinessChecks implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Readiness');
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly failing = new Set<string>();
  private closing = false;

  register(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** From now on new requests should go to other instances. */
  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  /** Runs all checks at once, each for at most three seconds. Why one fails is logged, not told: it may hold addresses. */
  async run(): Promise<readonly CheckResult[]> {
    const results = [...this.checks].map(async ([name, check]) => ({ name, ok: await this.passes(name, check) }));
    return [...(await Promise.all(results)), ...(this.closing ? [{ name: 'shutting-down', ok: false }] : [])];
  }

  private async passes(name: string, check: ReadinessCheck): Promise<boolean> {
    try {
      await withDeadline(check());
      if (this.failing.delete(name)) this.logger.log(`${name} is well again.`);
      return true;
    } catch (error) {
      if (error instanceof NotYetReady) return false;
      // Told once and not at every look.
      if (!this.failing.has(name)) this.logger.error({ check: name, err: error });
      this.failing.add(name);
      return false;
    }
  }
}

async function withDeadline(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${DEADLINE_MS} ms.`)), DEADLINE_MS);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
