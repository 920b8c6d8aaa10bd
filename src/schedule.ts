import { Injectable } from '@nestjs/common';
import { Receiver } from './modules/inbox/index.js';
import { Scheduler } from './platform/scheduling/index.js';

/** Everything that happens without a request, and how often. Overlap, jitter and shutdown are the scheduler's. */
@Injectable()
export class Schedule {
  constructor(scheduler: Scheduler, receiver: Receiver) {
    scheduler.every({
      name: 'receive-mail',
      milliseconds: 500,
      run: async () => receiver.takeDue(),
    });
  }
}
