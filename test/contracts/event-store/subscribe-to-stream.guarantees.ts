import { END, START, StreamDeletedError } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailboxConnected, mailFound, mailsFound, subjects } from './mailbox-events.js';
import { type EventStoreContext } from './running-event-store.js';
import { announced, failureOf, takeLabels } from './taking.js';

export function subscribeToStreamGuarantees(context: EventStoreContext): void {
  describe('subscribing to one stream', () => {
    it('gives what is stored and goes on with what is appended', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailsFound(3));
      const subscription = client.subscribeToStream(stream, { fromRevision: START });
      const seen = takeLabels(subscription, 5);
      await announced(subscription, 'caughtUp');
      await client.appendToStream(context.stream('other'), mailFound('elsewhere'));
      await client.appendToStream(stream, [mailFound('mail 3'), mailFound('mail 4')]);
      expect(await seen).toEqual(subjects(5));
    });

    it('from a revision gives what comes after it', async () => {
      const stream = context.stream('mailbox');
      await context.client.appendToStream(stream, mailsFound(4));
      const subscription = context.client.subscribeToStream(stream, { fromRevision: 1n });
      expect(await takeLabels(subscription, 2)).toEqual(['mail 2', 'mail 3']);
    });

    it('from the end gives only what is appended from then on', async () => {
      const stream = context.stream('mailbox');
      await context.client.appendToStream(stream, mailFound('before'));
      const subscription = context.client.subscribeToStream(stream, { fromRevision: END });
      await announced(subscription, 'confirmation');
      await context.client.appendToStream(stream, mailFound('after'));
      expect(await takeLabels(subscription, 1)).toEqual(['after']);
    });

    it('may wait for a stream that does not exist yet', async () => {
      const stream = context.stream('mailbox');
      const subscription = context.client.subscribeToStream(stream);
      await announced(subscription, 'confirmation');
      await context.client.appendToStream(stream, mailboxConnected());
      expect(await takeLabels(subscription, 1)).toEqual(['MailboxConnected']);
    });

    it('outlives a soft delete, and goes on when the stream comes back', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailFound('mail 0'));
      const subscription = client.subscribeToStream(stream);
      const seen = takeLabels(subscription, 2);
      await announced(subscription, 'caughtUp');
      await client.deleteStream(stream);
      await client.appendToStream(stream, mailFound('mail 1'));
      expect(await seen).toEqual(subjects(2));
    });

    it('ends with an error when the stream is tombstoned', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailFound('mail'));
      const subscription = client.subscribeToStream(stream);
      const failure = failureOf(subscription);
      await announced(subscription, 'caughtUp');
      await client.tombstoneStream(stream);
      expect(await failure).toBeInstanceOf(StreamDeletedError);
      expect(await failureOf(client.subscribeToStream(stream))).toBeInstanceOf(StreamDeletedError);
    });
  });
}
