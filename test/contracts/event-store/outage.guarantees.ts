import { type AppendToStreamOptions, END, NO_STREAM, streamNameFilter, UnavailableError } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailFound } from './mailbox-events.js';
import { by, type EventStoreContext, WRITE_PATHS } from './running-event-store.js';
import { announced, failureOf, labelsIn, takeLabels } from './taking.js';

/** gRPC's status for "no connection"; the client wraps it in UnavailableError only on some of its paths. */
const UNAVAILABLE = 14;

export function outageGuarantees(context: EventStoreContext, restartable: boolean): void {
  const title = restartable
    ? 'a server that goes away and comes back'
    : 'a server that goes away and comes back (skipped: the suite does not own this server and cannot stop it)';

  describe.skipIf(!restartable)(title, () => {
    function restart(whileGone: () => Promise<void>): Promise<void> {
      if (context.server.restart === undefined) throw new Error('This server cannot be restarted');
      return context.server.restart(whileGone);
    }

    it.each(WRITE_PATHS)('appends by $path fail while it is away, and work when it is back', async (path) => {
      const stream = context.stream('mailbox');
      const client = context.newClient();
      await client.appendToStream(stream, mailFound('before'), by(path, context));
      await restart(async () => {
        const failure = await client
          .appendToStream(stream, mailFound('meanwhile'), by(path, context))
          .catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: UNAVAILABLE });
      });
      await client.appendToStream(stream, mailFound('after'), by(path, context));
      expect(await labelsIn(client, stream)).toEqual(['before', 'after']);
    });

    it('an append whose fate is unknown can be repeated with the same events and the same expectation', async () => {
      const stream = context.stream('mailbox');
      const client = context.newClient();
      const mail = mailFound('once');
      const options: AppendToStreamOptions = { expectedRevision: NO_STREAM, credentials: context.credentials };
      const first = await client.appendToStream(stream, mail, options);
      await restart(() => Promise.resolve());
      expect(await client.appendToStream(stream, mail, options)).toEqual(first);
      expect(await labelsIn(client, stream)).toEqual(['once']);
    });

    it('a subscription fails, and a new one goes on after the last position seen', async () => {
      const stream = context.stream('mailbox');
      const client = context.newClient();
      const filter = streamNameFilter({ prefixes: [stream] });
      const subscription = client.subscribeToAll({ fromPosition: END, filter });
      await announced(subscription, 'confirmation');
      const { position } = await client.appendToStream(stream, mailFound('seen'));
      const failure = failureOf(subscription);
      await restart(async () => {
        expect(await failure).toBeInstanceOf(UnavailableError);
      });
      await client.appendToStream(stream, mailFound('after'));
      const resumed = client.subscribeToAll({ fromPosition: position, filter });
      expect(await takeLabels(resumed, 1)).toEqual(['after']);
    });

    it('a read fails while it is away, and works when it is back', async () => {
      const stream = context.stream('mailbox');
      const client = context.newClient();
      await client.appendToStream(stream, mailFound('kept'));
      await restart(async () => {
        await expect(labelsIn(client, stream)).rejects.toBeInstanceOf(UnavailableError);
      });
      expect(await labelsIn(client, stream)).toEqual(['kept']);
    });
  });
}
