import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailFound, mailsFound, subjects } from './mailbox-events.js';
import { type EventStoreContext } from './running-event-store.js';
import { all, label, labelsIn } from './taking.js';

/** More than any server reads at a time. */
const SEVERAL_PAGES = 700;

export function readGuarantees(context: EventStoreContext): void {
  describe('reading a stream', () => {
    it('gives the events in the order they were appended, and backwards in reverse', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailsFound(SEVERAL_PAGES));
      expect(await labelsIn(client, stream)).toEqual(subjects(SEVERAL_PAGES));
      const backwards = await labelsIn(client, stream, { direction: BACKWARDS, fromRevision: END });
      expect(backwards).toEqual(subjects(SEVERAL_PAGES).reverse());
    });

    it('starts with the revision asked for, in both directions', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailsFound(6));
      expect(await labelsIn(client, stream, { fromRevision: 4n })).toEqual(['mail 4', 'mail 5']);
      expect(await labelsIn(client, stream, { direction: BACKWARDS, fromRevision: 1n })).toEqual(['mail 1', 'mail 0']);
      expect(await labelsIn(client, stream, { direction: BACKWARDS, fromRevision: START })).toEqual(['mail 0']);
    });

    it('gives at most as many events as asked for', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailsFound(6));
      expect(await labelsIn(client, stream, { fromRevision: 2n, maxCount: 2 })).toEqual(['mail 2', 'mail 3']);
      const last = await labelsIn(client, stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
      expect(last).toEqual(['mail 5']);
    });

    it('gives nothing beyond the end, and everything backwards from there', async () => {
      const stream = context.stream('mailbox');
      const { client } = context;
      await client.appendToStream(stream, mailsFound(2));
      expect(await labelsIn(client, stream, { fromRevision: 2n })).toEqual([]);
      expect(await labelsIn(client, stream, { direction: BACKWARDS, fromRevision: 50n })).toEqual(['mail 1', 'mail 0']);
    });

    it('says so when there is no such stream', async () => {
      const stream = context.stream('mailbox');
      for (const direction of [FORWARDS, BACKWARDS] as const) {
        const failure = await labelsIn(context.client, stream, { direction }).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(StreamNotFoundError);
      }
    });

    it('sees at once what has been appended', async () => {
      const stream = context.stream('mailbox');
      for (let count = 1; count <= 30; count += 1) {
        await context.client.appendToStream(stream, mailFound('mail'));
        expect(await labelsIn(context.client, stream)).toHaveLength(count);
      }
    });
  });

  describe('reading all streams', () => {
    /** Events of two streams in turn, and the position of the first. */
    async function appendInTurn() {
      const { client } = context;
      const [one, two] = [context.stream('one'), context.stream('two')];
      const first = await client.appendToStream(one, mailFound('mail 0'));
      await client.appendToStream(two, mailFound('mail 1'));
      await client.appendToStream(one, [mailFound('mail 2'), mailFound('mail 3')]);
      const last = await client.appendToStream(two, mailFound('mail 4'));
      if (!first.position || !last.position) throw new Error('An append gave no position');
      return { streams: [one, two], first: first.position, last: last.position };
    }

    it('gives one order over all streams, with growing positions', async () => {
      const { streams, first } = await appendInTurn();
      const events = await all(context.client.readAll({ fromPosition: first }));
      const ours = events.filter(({ event }) => streams.includes(event?.streamId ?? ''));
      expect(ours.map(label)).toEqual(subjects(5));
      const commits = events.map(({ event }) => event?.position.commit ?? -1n);
      expect(commits).toEqual([...commits].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(commits).size).toBe(commits.length);
    });

    it('forwards starts with the event at the position', async () => {
      const { last } = await appendInTurn();
      const [event] = await all(context.client.readAll({ fromPosition: last, maxCount: 1 }));
      expect(event?.event?.position).toEqual(last);
    });

    it('backwards starts before the event at the position', async () => {
      const { streams, last } = await appendInTurn();
      const events = await all(context.client.readAll({ direction: BACKWARDS, fromPosition: last, maxCount: 50 }));
      const ours = events.filter(({ event }) => streams.includes(event?.streamId ?? ''));
      expect(ours.map(label)).toEqual(subjects(4).reverse());
    });

    it('backwards from the end starts with the newest event', async () => {
      const { streams } = await appendInTurn();
      const events = await all(context.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 50 }));
      const ours = events.filter(({ event }) => streams.includes(event?.streamId ?? ''));
      expect(ours.map(label)).toEqual(subjects(5).reverse());
    });

    it("holds the server's own events too, so that a reader has to leave them out", async () => {
      const events = await all(context.client.readAll({ fromPosition: START, maxCount: 200 }));
      expect(events.some(({ event }) => event?.type.startsWith('$'))).toBe(true);
    });
  });
}
