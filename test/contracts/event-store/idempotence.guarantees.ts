import { ANY, type AppendExpectedRevision, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailFound, mailsFound, subjects } from './mailbox-events.js';
import { by, type EventStoreContext, WRITE_PATHS } from './running-event-store.js';
import { labelsIn } from './taking.js';

/**
 * Why these matter: a writer whose reply got lost repeats the same events with the same expectation, and must be able to
 * tell "it was me" (success) from "somebody else was faster" (wrong expected version).
 */
export function idempotenceGuarantees(context: EventStoreContext): void {
  describe.each(WRITE_PATHS)('repeating an append by $path', (path) => {
    const options = (expectedRevision: AppendExpectedRevision) => ({ expectedRevision, ...by(path, context) });

    it('the same events with "no stream" again: the first answer, and nothing written', async () => {
      const stream = context.stream('mailbox');
      const mails = mailsFound(3);
      const first = await context.client.appendToStream(stream, mails, options(NO_STREAM));
      const again = await context.client.appendToStream(stream, mails, options(NO_STREAM));
      expect(again).toEqual(first);
      expect(await labelsIn(context.client, stream)).toEqual(subjects(3));
    });

    it('the same events with the same revision again, after others have appended: the first answer', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailFound('mail 0'), options(NO_STREAM));
      const mails = [mailFound('mail 1'), mailFound('mail 2')];
      const first = await client.appendToStream(stream, mails, options(0n));
      await client.appendToStream(stream, mailFound('mail 3'), options(2n));
      const again = await client.appendToStream(stream, mails, options(0n));
      expect(again).toEqual(first);
      expect(await labelsIn(client, stream)).toEqual(subjects(4));
    });

    it('the same events with "any" again at once: success, and nothing written', async () => {
      const stream = context.stream('mailbox');
      const mails = mailsFound(2);
      const first = await context.client.appendToStream(stream, mails, options(ANY));
      const again = await context.client.appendToStream(stream, mails, options(ANY));
      expect(again).toMatchObject({ success: true, nextExpectedRevision: first.nextExpectedRevision });
      expect(await labelsIn(context.client, stream)).toEqual(subjects(2));
    });

    it('the first of the same events again: success with their revision', async () => {
      const stream = context.stream('mailbox');
      const mails = mailsFound(3);
      await context.client.appendToStream(stream, mails, options(NO_STREAM));
      const again = await context.client.appendToStream(stream, mails.slice(0, 2), options(NO_STREAM));
      expect(again.nextExpectedRevision).toBe(1n);
    });

    it('other events with the same expectation: wrong expected version', async () => {
      const stream = context.stream('mailbox');
      await context.client.appendToStream(stream, mailFound('mine'), options(NO_STREAM));
      await expect(context.client.appendToStream(stream, mailFound('mine'), options(NO_STREAM))).rejects.toBeInstanceOf(
        WrongExpectedVersionError,
      );
      expect(await labelsIn(context.client, stream)).toEqual(['mine']);
    });

    it.each([
      ['no stream', NO_STREAM],
      ['any', ANY],
    ] as const)('the same events and one more with "%s": wrong expected version', async (_name, expectation) => {
      const stream = context.stream('mailbox');
      const mails = mailsFound(2);
      await context.client.appendToStream(stream, mails, options(expectation));
      await expect(
        context.client.appendToStream(stream, [...mails, mailFound('one more')], options(expectation)),
      ).rejects.toBeInstanceOf(WrongExpectedVersionError);
      expect(await labelsIn(context.client, stream)).toEqual(subjects(2));
    });

    it('an event id counts only within its stream', async () => {
      const mail = mailFound('in both');
      const [inbox, archive] = [context.stream('mailbox'), context.stream('mailbox')];
      await context.client.appendToStream(inbox, mail, options(NO_STREAM));
      await context.client.appendToStream(archive, mail, options(NO_STREAM));
      expect(await labelsIn(context.client, archive)).toEqual(['in both']);
    });
  });
}
