import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../../platform/audit-trail/index.js';
import { newId } from '../../../platform/ids.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { RetentionView } from './retention.view.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Name of the daily job; a new decision wakes it. */
export const AGING_JOB = 'apply-retention';
const LEASE_MS = 60 * 60_000;

/** Lets go of mail that has reached the age at which its company does not keep it any longer. */
@Injectable()
export class Aging {
  private readonly holder = newId();

  constructor(
    private readonly retention: RetentionView,
    private readonly personalData: PersonalData,
    private readonly leases: Leases,
  ) {}

  /** A daily job, done by one instance at a time; each erasure is an event that names what went. */
  async eraseAged(signal: AbortSignal, now = Date.now()): Promise<void> {
    const lease = await this.leases.take(AGING_JOB, this.holder, LEASE_MS);
    if (!lease) return;
    try {
      for (const { company, mailDays } of await this.retention.limited()) {
        if (signal.aborted) return;
        await this.eraseOf(company, mailDays, now);
      }
    } finally {
      await this.leases.release(AGING_JOB, this.holder, lease.fence);
    }
  }

  private async eraseOf(company: string, mailDays: number, now: number): Promise<void> {
    const correlationId = newId();
    await this.personalData.eraseOlderThan(company, new Date(now - mailDays * DAY_MS), {
      company,
      actor: { kind: 'system', name: 'retention' },
      at: new Date(now).toISOString(),
      correlationId,
      causationId: correlationId,
      reason: `The company keeps received mail for ${mailDays} days.`,
    });
  }
}
