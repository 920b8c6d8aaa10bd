import { describe, it } from 'vitest';
import { documentStoreGuarantees } from './document-store-guarantees.js';
import { otherServer } from './other-server.js';

const server = await otherServer();

if (server === undefined) {
  describe.skip('another document store (skipped: MONGO_URL names none)', () => {
    it('keeps the same guarantees', () => undefined);
  });
} else {
  documentStoreGuarantees(server.name, server.flavour, () =>
    Promise.resolve({ url: server.url, stop: () => Promise.resolve() }),
  );
}
