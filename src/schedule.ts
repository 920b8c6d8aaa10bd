import { Injectable } from '@nestjs/common';
import { Sealing } from './modules/audit/index.js';
import { MailboxWatch, Receiver } from './modules/inbox/index.js';
import { IdempotencyRecords } from './platform/http/index.js';
import { RateLimits } from './platform/rate-limits/index.js';
import { Scheduler } from './platform/scheduling/index.js';

/** Everything that happens without a request, and how often. Overlap, jitter and shutdown are the scheduler's. */
@Injectable()
export class Schedule {
  constructor(
    scheduler: Scheduler,
    receiver: Receiver,
    watch: MailboxWatch,
    idempotency: IdempotencyRecords,
    limits: RateLimits,
    sealing: Sealing,
  ) {
    scheduler.every({
      name: 'receive-mail',
      milliseconds: 500,
      run: async () => receiver.takeDue(),
    });
    scheduler.every({
      name: 'watch-mailboxes',
      milliseconds: 60_000,
      run: async () => watch.round(),
    });
    scheduler.every({
      name: 'forget-what-has-expired',
      milliseconds: 60 * 60 * 1_000,
      run: async () => {
        await idempotency.forgetExpired();
        await limits.forgetExpired();
      },
    });
    scheduler.every({
      name: 'seal-the-record',
      milliseconds: 60 * 60 * 1_000,
      run: async (signal) => {
        await sealing.sealNow(signal);
      },
    });
  }
}
