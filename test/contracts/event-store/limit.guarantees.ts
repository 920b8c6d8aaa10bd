import {
  DeadlineExceededError,
  END,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  streamNameFilter,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailFound, mailsFound, subjects } from './mailbox-events.js';
import { by, type EventStoreContext, WRITE_PATHS } from './running-event-store.js';
import { announced, countIn, label, labelsIn, takeLabels } from './taking.js';

const MEBIBYTE = 1024 * 1024;

/** An event of about so many bytes. */
function largeMail(bytes: number) {
  return jsonEvent({ type: 'MailFound', data: { subject: 'large', padding: 'x'.repeat(bytes) } });
}

export function limitGuarantees(context: EventStoreContext): void {
  describe.each(WRITE_PATHS)('the limits of an append by $path', (path) => {
    it('refuses an event over 1 MiB, writes nothing, and goes on serving', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      const failure = await client
        .appendToStream(stream, largeMail(MEBIBYTE + 1), by(path, context))
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(MaxAppendSizeExceededError);
      expect(failure).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: MEBIBYTE });
      expect(await countIn(client, stream)).toBe(0);
      await client.appendToStream(stream, mailFound('mail'), { expectedRevision: NO_STREAM, ...by(path, context) });
    });

    it('counts the append as a whole, also when it comes in several messages', async () => {
      const stream = context.stream('mailbox');
      const mails = Array.from({ length: 20 }, () => largeMail(200_000));
      const options = { batchAppendSize: 500_000, ...by(path, context) };
      await expect(context.client.appendToStream(stream, mails, options)).rejects.toBeInstanceOf(
        MaxAppendSizeExceededError,
      );
      expect(await countIn(context.client, stream)).toBe(0);
    });

    it('takes an append just below 1 MiB, also when it comes in several messages', async () => {
      const stream = context.stream('mailbox');
      const mails = Array.from({ length: 9 }, () => largeMail(110_000));
      await context.client.appendToStream(stream, mails, { batchAppendSize: 300_000, ...by(path, context) });
      expect(await countIn(context.client, stream)).toBe(9);
    });

    it('refuses an append whose deadline has passed, and writes nothing', async () => {
      const stream = context.stream('mailbox');
      const passed = { deadline: -60_000, ...by(path, context) };
      await expect(context.client.appendToStream(stream, mailFound('late'), passed)).rejects.toBeInstanceOf(
        DeadlineExceededError,
      );
      expect(await countIn(context.client, stream)).toBe(0);
    });
  });

  describe('a slow reader', () => {
    /** Far more than the buffers between server and reader hold. */
    const MANY = 3000;

    it('of a subscription gets everything in order when it goes on reading; others are not held up', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      const filter = streamNameFilter({ prefixes: [stream] });
      const slow = client.subscribeToAll({ fromPosition: END, filter });
      await announced(slow, 'confirmation');
      const padding = 'x'.repeat(1000);
      for (let appended = 0; appended < MANY; appended += 300) {
        const mails = Array.from({ length: 300 }, (_, index) =>
          jsonEvent({ type: 'MailFound', data: { subject: `mail ${appended + index}`, padding } }),
        );
        await client.appendToStream(stream, mails);
      }
      expect(await countIn(context.newClient(), stream)).toBe(MANY);
      expect(await takeLabels(slow, MANY)).toEqual(subjects(MANY));
    });

    it('of a stream gets everything in order', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      for (let appended = 0; appended < MANY; appended += 500) await client.appendToStream(stream, mailsFound(500));
      const read = client.readStream(stream);
      const seen: string[] = [];
      for await (const event of read) {
        seen.push(label(event));
        // Other reads overtake it.
        if (seen.length % 1000 === 0) expect(await labelsIn(client, stream, { maxCount: 1 })).toEqual(['mail 0']);
      }
      expect(seen).toHaveLength(MANY);
    });
  });
}
