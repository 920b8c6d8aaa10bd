import {
  ANY,
  type AppendToStreamOptions,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailFound, mailsFound } from './mailbox-events.js';
import { by, type EventStoreContext, WRITE_PATHS } from './running-event-store.js';
import { all, label, labelsIn } from './taking.js';

export function deleteGuarantees(context: EventStoreContext): void {
  describe('deleting a stream (soft)', () => {
    it('makes it unreadable, and leaves its events in the order over all streams', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      const { position } = await client.appendToStream(stream, mailFound('mail'));
      await client.deleteStream(stream);
      await expect(labelsIn(client, stream)).rejects.toBeInstanceOf(StreamNotFoundError);
      const [event] = await all(client.readAll({ fromPosition: position, maxCount: 1 }));
      expect(event && label(event)).toBe('mail');
    });

    describe.each(WRITE_PATHS)('then appending by $path', (path) => {
      it.each([
        ['any', ANY],
        ['no stream', NO_STREAM],
        ['its last revision', 2n],
      ] as const)('with "%s" brings it back; its numbers go on, its old events stay away', async (_name, expected) => {
        const stream = context.stream('mailbox');
        const { client } = context;
        await client.appendToStream(stream, mailsFound(3, 'old'));
        await client.deleteStream(stream);
        const options = { expectedRevision: expected, ...by(path, context) };
        const { nextExpectedRevision } = await client.appendToStream(stream, mailFound('new'), options);
        expect(nextExpectedRevision).toBe(3n);
        expect(await labelsIn(client, stream)).toEqual(['new']);
      });

      it('with "stream exists" is told that the stream is deleted', async () => {
        const stream = context.stream('mailbox');
        const { client } = context;
        await client.appendToStream(stream, mailFound('mail'));
        await client.deleteStream(stream);
        const options: AppendToStreamOptions = { expectedRevision: STREAM_EXISTS, ...by(path, context) };
        const failure = await client.appendToStream(stream, mailFound('x'), options).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(StreamDeletedError);
        expect(failure).toMatchObject({ type: 'stream-deleted', streamName: stream });
      });
    });

    it('asks for the revision expected', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailsFound(2));
      const failure = await client.deleteStream(stream, { expectedRevision: 0n }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongExpectedVersionError);
      expect(failure).toMatchObject({ streamName: stream, expectedVersion: 0n, actualVersion: 1n });
      await client.deleteStream(stream, { expectedRevision: 1n });
      await expect(labelsIn(client, stream)).rejects.toBeInstanceOf(StreamNotFoundError);
    });

    it('of a stream that never was is refused', async () => {
      await expect(context.client.deleteStream(context.stream('mailbox'))).rejects.toBeInstanceOf(
        WrongExpectedVersionError,
      );
    });
  });

  describe('deleting a stream for good (tombstone)', () => {
    it('refuses every later read, append and delete', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailFound('mail'));
      await client.tombstoneStream(stream, { expectedRevision: 0n });
      await expect(labelsIn(client, stream)).rejects.toBeInstanceOf(StreamDeletedError);
      await expect(client.deleteStream(stream)).rejects.toBeInstanceOf(StreamDeletedError);
      for (const path of WRITE_PATHS) {
        const failure = await client
          .appendToStream(stream, mailFound('x'), by(path, context))
          .catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(StreamDeletedError);
        expect(failure).toMatchObject({ streamName: stream });
      }
    });

    it('asks for the revision expected', async () => {
      const stream = context.stream('mailbox');
      await context.client.appendToStream(stream, mailFound('mail'));
      await expect(context.client.tombstoneStream(stream, { expectedRevision: 7n })).rejects.toBeInstanceOf(
        WrongExpectedVersionError,
      );
      expect(await labelsIn(context.client, stream)).toEqual(['mail']);
    });
  });

  describe('stream metadata', () => {
    it('is given back as it was set', async () => {
      const stream = context.stream('mailbox');
      await context.client.setStreamMetadata(stream, { maxCount: 5, truncateBefore: 1, owner: 'alice' });
      const { metadata } = await context.client.getStreamMetadata(stream);
      expect(metadata).toEqual({ maxCount: 5, truncateBefore: 1, owner: 'alice' });
    });

    it('maxCount leaves the newest events to read', async () => {
      const stream = context.stream('mailbox');
      await context.client.appendToStream(stream, mailsFound(5));
      await context.client.setStreamMetadata(stream, { maxCount: 2 });
      expect(await labelsIn(context.client, stream)).toEqual(['mail 3', 'mail 4']);
    });

    it('truncateBefore leaves the events from that revision on', async () => {
      const stream = context.stream('mailbox');
      await context.client.appendToStream(stream, mailsFound(5));
      await context.client.setStreamMetadata(stream, { truncateBefore: 3 });
      expect(await labelsIn(context.client, stream)).toEqual(['mail 3', 'mail 4']);
    });
  });
}
