import {
  ANY,
  type AppendToStreamOptions,
  binaryEvent,
  type BinaryEventType,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailboxConnected, mailFound, mailsFound, subjects } from './mailbox-events.js';
import { by, type EventStoreContext, WRITE_PATHS } from './running-event-store.js';
import { all, countIn, labelsIn } from './taking.js';

export function appendGuarantees(context: EventStoreContext): void {
  describe.each(WRITE_PATHS)('appending by $path', (path) => {
    const options = () => by(path, context);

    it('answers with revision and position of the last event', async () => {
      const stream = context.stream('mailbox');
      const result = await context.client.appendToStream(stream, mailsFound(3), {
        expectedRevision: NO_STREAM,
        ...options(),
      });
      const events = await all(context.client.readStream(stream));
      expect(result.success).toBe(true);
      expect(result.nextExpectedRevision).toBe(2n);
      expect(result.position).toEqual(events[2]?.event?.position);
    });

    it('keeps everything an event consists of', async () => {
      const stream = context.stream('メールボックス');
      const mail = jsonEvent({
        type: 'メール受信',
        data: { subject: '見積もりの件 ✉', size: 12_345, folders: ['INBOX'] },
        metadata: { actor: '山田', $correlationId: 'c-1' },
      });
      const before = Date.now();
      await context.client.appendToStream(stream, mail, options());
      const [read] = await all(context.client.readStream(stream));
      const event = read?.event;
      expect(event).toMatchObject({
        id: mail.id,
        streamId: stream,
        type: mail.type,
        data: mail.data,
        metadata: mail.metadata,
        isJson: true,
        revision: 0n,
      });
      const clocksMayDiffer = 60_000;
      expect(Math.abs((event?.created.getTime() ?? 0) - before)).toBeLessThan(clocksMayDiffer);
    });

    it('keeps binary data and binary metadata byte for byte', async () => {
      const stream = context.stream('mailbox');
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const event = binaryEvent<BinaryEventType<string, Uint8Array>>({
        type: 'SourceStored',
        data: bytes,
        metadata: bytes.slice(0, 100),
      });
      await context.client.appendToStream(stream, event, options());
      const [read] = await all(context.client.readStream<BinaryEventType<string, Uint8Array>>(stream));
      expect(read?.event?.isJson).toBe(false);
      expect(Buffer.from(read?.event?.data ?? []).equals(bytes)).toBe(true);
      expect(Buffer.from(read?.event?.metadata ?? []).equals(bytes.slice(0, 100))).toBe(true);
    });

    it('"no stream" is right exactly once', async () => {
      const stream = context.stream('mailbox');
      const client = context.client;
      await client.appendToStream(stream, mailboxConnected(), { expectedRevision: NO_STREAM, ...options() });
      const second = client.appendToStream(stream, mailboxConnected(), { expectedRevision: NO_STREAM, ...options() });
      const failure = await second.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongExpectedVersionError);
      expect(failure).toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: NO_STREAM,
        actualVersion: 0n,
      });
      expect(await countIn(client, stream)).toBe(1);
    });

    it('an exact revision must be that of the last event', async () => {
      const stream = context.stream('mailbox');
      const client = context.client;
      await client.appendToStream(stream, mailsFound(3), options());
      for (const expectedRevision of [0n, 1n, 3n, 99n]) {
        const failure = await client
          .appendToStream(stream, mailFound('too early or too late'), { expectedRevision, ...options() })
          .catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(WrongExpectedVersionError);
        expect(failure).toMatchObject({ expectedVersion: expectedRevision, actualVersion: 2n });
      }
      const right = await client.appendToStream(stream, mailFound('mail 3'), { expectedRevision: 2n, ...options() });
      expect(right.nextExpectedRevision).toBe(3n);
      expect(await labelsIn(client, stream)).toEqual(subjects(4));
    });

    it('an exact revision of a stream that does not exist is wrong, and says so', async () => {
      const failure = await context.client
        .appendToStream(context.stream('mailbox'), mailFound('mail'), { expectedRevision: 0n, ...options() })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongExpectedVersionError);
      expect(failure).toMatchObject({ expectedVersion: 0n, actualVersion: 'no_stream' });
    });

    it('"stream exists" asks for at least one event', async () => {
      const stream = context.stream('mailbox');
      const client = context.client;
      const expectation: AppendToStreamOptions = { expectedRevision: STREAM_EXISTS, ...options() };
      const failure = await client.appendToStream(stream, mailFound('x'), expectation).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongExpectedVersionError);
      expect(failure).toMatchObject({ expectedVersion: STREAM_EXISTS, actualVersion: 'no_stream' });
      await client.appendToStream(stream, mailFound('mail 0'), { expectedRevision: ANY, ...options() });
      await client.appendToStream(stream, mailFound('mail 1'), expectation);
      expect(await labelsIn(client, stream)).toEqual(subjects(2));
    });

    it('an append of several events is there as a whole or not at all', async () => {
      const stream = context.stream('mailbox');
      const client = context.client;
      await client.appendToStream(stream, mailsFound(5, 'first'), options());
      await expect(
        client.appendToStream(stream, mailsFound(5, 'refused'), { expectedRevision: 3n, ...options() }),
      ).rejects.toBeInstanceOf(WrongExpectedVersionError);
      expect(await labelsIn(client, stream)).toEqual(subjects(5, 'first'));
    });

    it('readers never see part of an append', async () => {
      const stream = context.stream('mailbox');
      const client = context.client;
      let appending = true;
      const counts: number[] = [];
      const reading = (async () => {
        while (appending) counts.push(await countIn(client, stream));
      })();
      for (let append = 0; append < 20; append += 1) await client.appendToStream(stream, mailsFound(5), options());
      appending = false;
      await reading;
      expect(counts.filter((count) => count % 5 !== 0)).toEqual([]);
      expect(await countIn(client, stream)).toBe(100);
    });

    it('of 20 writers who expect the same revision one wins', async () => {
      const stream = context.stream('mailbox');
      const client = context.client;
      const attempts = Array.from({ length: 20 }, (_, writer) =>
        client.appendToStream(stream, mailFound(`by writer ${writer}`), { expectedRevision: NO_STREAM, ...options() }),
      );
      const results = await Promise.allSettled(attempts);
      const failures = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
      expect(failures).toHaveLength(19);
      expect(failures.every((failure) => failure instanceof WrongExpectedVersionError)).toBe(true);
      expect(await countIn(client, stream)).toBe(1);
    });
  });
}
