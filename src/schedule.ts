import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Aging, AGING_JOB, Forgetting, RefusalRecorder, Sealing } from './modules/audit/index.js';
import { MailboxWatch, MessageReparse, Receiver, SearchSealing } from './modules/inbox/index.js';
import { CAMPAIGN_JOB, CampaignWorker, Enforcement } from './modules/legacy-settings/index.js';
import { BOUNCE_JOB, BounceWatch, OutboxHousekeeping, OutboxSender } from './modules/outbox/index.js';
import { PendingConsents } from './modules/user-mail-setting/index.js';
import { type AppConfig, InjectConfig } from './platform/config/index.js';
import { CredentialSweep } from './platform/credential-keeping/index.js';
import { IdempotencyRecords } from './platform/http/index.js';
import { Rebuilding } from './platform/read-models/index.js';
import { RateLimits } from './platform/rate-limits/index.js';
import { Scheduler } from './platform/scheduling/index.js';

/** Everything that happens without a request, and how often. Overlap, jitter and shutdown are the scheduler's. */
@Injectable()
export class Schedule {
  constructor(
    scheduler: Scheduler,
    private readonly parts: ModuleRef,
    @InjectConfig() config: AppConfig,
  ) {
    scheduler.every({
      name: 'receive-mail',
      milliseconds: 500,
      run: async () => this.the(Receiver).takeDue(),
    });
    scheduler.every({
      name: 'watch-mailboxes',
      milliseconds: 60_000,
      run: async () => this.the(MailboxWatch).round(),
    });
    scheduler.every({
      name: 'read-kept-mail-anew',
      milliseconds: 1_000,
      run: async (signal) => this.the(MessageReparse).runIfRequested(signal),
    });
    scheduler.every({
      name: 'seal-the-search-index',
      milliseconds: 30_000,
      run: async (signal) => this.the(SearchSealing).sealDue(signal),
    });
    scheduler.every({
      name: 'send-mail',
      milliseconds: 500,
      run: async () => this.the(OutboxSender).takeDue(),
    });
    scheduler.every({
      name: BOUNCE_JOB,
      milliseconds: config.mail.pollIntervalSeconds * 1_000,
      run: async (signal) => this.the(BounceWatch).look(signal),
    });
    scheduler.every({
      name: 'tidy-the-outbox',
      milliseconds: 24 * 60 * 60 * 1_000,
      run: async () => this.the(OutboxHousekeeping).run(),
    });
    scheduler.every({
      name: CAMPAIGN_JOB,
      milliseconds: 1_000,
      run: async (signal) => this.the(CampaignWorker).workOff(signal),
    });
    scheduler.every({
      name: 'stop-expired-legacy-settings',
      milliseconds: 60_000,
      run: async (signal) => this.the(Enforcement).enforce(signal),
    });
    scheduler.every({
      name: 'forget-what-has-expired',
      milliseconds: 60 * 60 * 1_000,
      run: async () => {
        await this.the(IdempotencyRecords).forgetExpired();
        await this.the(RateLimits).forgetExpired();
        await this.the(PendingConsents).forgetExpired();
      },
    });
    scheduler.every({
      name: 'sweep-unnamed-credentials',
      milliseconds: 60 * 60 * 1_000,
      run: async (signal) => this.the(CredentialSweep).run(signal),
    });
    scheduler.every({
      name: 'follow-rebuilt-read-models',
      milliseconds: 1_000,
      run: async () => this.the(Rebuilding).followSwitches(),
    });
    scheduler.every({
      name: 'rebuild-read-models',
      milliseconds: 1_000,
      run: async (signal) => this.the(Rebuilding).rebuildRequested(signal),
    });
    scheduler.every({
      name: 'drop-replaced-read-models',
      milliseconds: 60_000,
      run: async () => this.the(Rebuilding).dropRetired(),
    });
    scheduler.every({
      name: 'seal-the-record',
      milliseconds: 60 * 60 * 1_000,
      run: async (signal) => {
        await this.the(Sealing).sealNow(signal);
      },
    });
    scheduler.every({
      name: 'record-refused-attempts',
      milliseconds: 60_000,
      run: async () => this.the(RefusalRecorder).recordCounted(),
    });
    scheduler.every({
      name: AGING_JOB,
      milliseconds: 24 * 60 * 60 * 1_000,
      run: async (signal) => this.the(Aging).eraseAged(signal),
    });
    scheduler.every({
      name: 'forget-late-comers',
      milliseconds: 24 * 60 * 60 * 1_000,
      run: async (signal) => this.the(Forgetting).forgetLateComers(signal),
    });
  }

  /** Looked up when a job runs: the list may grow longer than any constructor. */
  private the<Part>(part: Type<Part>): Part {
    return this.parts.get(part, { strict: false });
  }
}
