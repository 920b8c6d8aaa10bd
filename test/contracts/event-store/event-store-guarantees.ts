import { afterAll, beforeAll, describe } from 'vitest';

import { appendGuarantees } from './append.guarantees.js';
import { deleteGuarantees } from './delete.guarantees.js';
import { idempotenceGuarantees } from './idempotence.guarantees.js';
import { limitGuarantees } from './limit.guarantees.js';
import { outageGuarantees } from './outage.guarantees.js';
import { readGuarantees } from './read.guarantees.js';
import { EventStoreContext, type StartEventStore } from './running-event-store.js';
import { subscribeToAllGuarantees } from './subscribe-to-all.guarantees.js';
import { subscribeToStreamGuarantees } from './subscribe-to-stream.guarantees.js';

/**
 * What the application relies on in an event store, run against each one it may meet.
 * @param restartable whether the server can be taken away for a moment (`RunningEventStore.restart`)
 */
export function eventStoreGuarantees(name: string, restartable: boolean, start: StartEventStore): void {
  describe(name, () => {
    const context = new EventStoreContext();
    beforeAll(() => context.start(start));
    afterAll(() => context.stop());

    appendGuarantees(context);
    idempotenceGuarantees(context);
    readGuarantees(context);
    subscribeToAllGuarantees(context);
    subscribeToStreamGuarantees(context);
    deleteGuarantees(context);
    limitGuarantees(context);
    outageGuarantees(context, restartable);
  });
}
