import { describe, it } from 'vitest';

import { eventStoreGuarantees } from './event-store-guarantees.js';

const url = process.env['EVENTSTORE_URL'];

if (url === undefined) {
  describe.skip('a real EventStoreDB (skipped: EVENTSTORE_URL names none)', () => {
    it('keeps the same guarantees', () => undefined);
  });
} else {
  const { host } = new URL(url);
  eventStoreGuarantees(`the EventStoreDB at ${host}`, false, () =>
    Promise.resolve({ url, stop: () => Promise.resolve() }),
  );
}
