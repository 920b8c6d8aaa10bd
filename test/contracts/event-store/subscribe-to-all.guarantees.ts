import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { mailboxConnected, mailboxReleased, mailFound, mailsFound, subjects } from './mailbox-events.js';
import { type EventStoreContext } from './running-event-store.js';
import { all, announced, label, take, takeLabels } from './taking.js';

export function subscribeToAllGuarantees(context: EventStoreContext): void {
  /** Appends to a stream of its own and gives the position. */
  async function append(stream: string, ...mails: ReturnType<typeof mailsFound>): Promise<Position> {
    const { position } = await context.client.appendToStream(stream, mails);
    if (!position) throw new Error('An append gave no position');
    return position;
  }

  describe('subscribing to all streams', () => {
    it('gives what is stored, says that it has caught up, and goes on with what is appended', async () => {
      const stream = context.stream('mailbox');
      await append(stream, ...mailsFound(3));
      const subscription = context.client.subscribeToAll({
        fromPosition: START,
        filter: streamNameFilter({ prefixes: [stream] }),
      });
      const story: string[] = [];
      subscription.once('confirmation', () => story.push('confirmed'));
      subscription.once('caughtUp', () => {
        story.push('caught up');
        void append(stream, mailFound('live'));
      });
      for await (const event of subscription) {
        story.push(label(event));
        if (label(event) !== 'live') continue;
        await subscription.unsubscribe();
        break;
      }
      // The announcements overtake events the reader has not taken yet, so only their own order is certain.
      expect(story.filter((word) => !['confirmed', 'caught up'].includes(word))).toEqual([...subjects(3), 'live']);
      expect(story.filter((word) => !word.startsWith('mail'))).toEqual(['confirmed', 'caught up', 'live']);
    });

    it('from a position gives what comes after it', async () => {
      const stream = context.stream('mailbox');
      const first = await append(stream, mailFound('mail 0'));
      await append(stream, mailFound('mail 1'), mailFound('mail 2'));
      const subscription = context.client.subscribeToAll({
        fromPosition: first,
        filter: streamNameFilter({ prefixes: [stream] }),
      });
      expect(await takeLabels(subscription, 2)).toEqual(['mail 1', 'mail 2']);
    });

    it('can be taken up again at the position of any event, without a gap and without a repetition', async () => {
      const stream = context.stream('mailbox');
      await append(stream, ...mailsFound(10));
      const filter = streamNameFilter({ prefixes: [stream] });
      let fromPosition: Position | typeof START = START;
      const seen: string[] = [];
      for (const portion of [1, 4, 2, 3]) {
        const events = await take(context.client.subscribeToAll({ fromPosition, filter }), portion);
        seen.push(...events.map(label));
        fromPosition = events.at(-1)?.event?.position ?? START;
      }
      expect(seen).toEqual(subjects(10));
    });

    it('from the end gives only what is appended from then on', async () => {
      const stream = context.stream('mailbox');
      await append(stream, mailFound('before'));
      const subscription = context.client.subscribeToAll({
        fromPosition: END,
        filter: streamNameFilter({ prefixes: [stream] }),
      });
      await announced(subscription, 'confirmation');
      await append(stream, mailFound('after'));
      expect(await takeLabels(subscription, 1)).toEqual(['after']);
    });

    it('keeps the order over all streams, also while catching up with writers at work', async () => {
      const prefix = context.stream('busy');
      let writing = true;
      const appended: string[] = [];
      const writer = (async () => {
        for (let mail = 0; writing || mail < 60; mail += 1) {
          await append(`${prefix}-${mail % 3}`, mailFound(`mail ${mail}`));
          appended.push(`mail ${mail}`);
        }
      })();
      const filter = streamNameFilter({ prefixes: [prefix] });
      const seen = await takeLabels(context.client.subscribeToAll({ fromPosition: START, filter }), 60);
      writing = false;
      await writer;
      expect(seen).toEqual(appended.slice(0, 60));
    });

    it('gives several subscribers the same', async () => {
      const stream = context.stream('mailbox');
      const filter = streamNameFilter({ prefixes: [stream] });
      const subscriptions = Array.from({ length: 5 }, () =>
        context.client.subscribeToAll({ fromPosition: END, filter }),
      );
      await Promise.all(subscriptions.map((subscription) => announced(subscription, 'confirmation')));
      await append(stream, ...mailsFound(3));
      for (const seen of await Promise.all(subscriptions.map((subscription) => takeLabels(subscription, 3)))) {
        expect(seen).toEqual(subjects(3));
      }
    });

    it('gives every event its position, which reads and appends agree on', async () => {
      const stream = context.stream('mailbox');
      const position = await append(stream, mailFound('mail'));
      const filter = streamNameFilter({ prefixes: [stream] });
      const [event] = await take(context.client.subscribeToAll({ fromPosition: START, filter }), 1);
      expect(event?.event?.position).toEqual(position);
      expect(event?.commitPosition).toBe(position.commit);
    });

    it('ends when it is ended', async () => {
      const subscription = context.client.subscribeToAll({ fromPosition: END });
      await announced(subscription, 'confirmation');
      const rest = all(subscription);
      await subscription.unsubscribe();
      expect(await rest).toEqual([]);
    });
  });

  describe('filtering a subscription', () => {
    it("without a filter it holds the server's own events; excludeSystemEvents leaves them out", async () => {
      const stream = context.stream('mailbox');
      await append(stream, mailFound('mail'));
      const [systemEvent] = await take(context.client.subscribeToAll({ fromPosition: START }), 1);
      expect(systemEvent?.event?.type).toMatch(/^\$/);
      const filtered = context.client.subscribeToAll({ fromPosition: START, filter: excludeSystemEvents() });
      const types = (await take(filtered, 1)).map((event) => event.event?.type);
      expect(types.filter((type) => type?.startsWith('$'))).toEqual([]);
    });

    it.each([
      ['stream name by prefix', (stream: string) => streamNameFilter({ prefixes: ['no-such-', stream] })],
      ['stream name by expression', (stream: string) => streamNameFilter({ regex: `^${stream}$` })],
    ])('by %s', async (_name, filterFor) => {
      const stream = context.stream('mailbox');
      await append(context.stream('other'), mailFound('elsewhere'));
      await append(stream, mailFound('here'));
      const subscription = context.client.subscribeToAll({ fromPosition: START, filter: filterFor(stream) });
      expect(await takeLabels(subscription, 1)).toEqual(['here']);
    });

    it.each([
      ['event type by prefix', eventTypeFilter({ prefixes: ['MailboxC', 'MailboxR'] })],
      ['event type by expression', eventTypeFilter({ regex: '^Mailbox(Connected|Released)$' })],
    ])('by %s', async (_name, filter) => {
      const stream = context.stream('mailbox');
      const fromPosition = await append(stream, mailFound('before'));
      await append(stream, mailboxConnected(), mailFound('between'), mailboxReleased());
      const subscription = context.client.subscribeToAll({ fromPosition, filter });
      expect(await takeLabels(subscription, 2)).toEqual(['MailboxConnected', 'MailboxReleased']);
    });

    it('tells how far it has come, so that what was passed over is not passed over again', async () => {
      const stream = context.stream('mailbox');
      const fromPosition = await append(stream, mailFound('start'));
      for (let portion = 0; portion < 10; portion += 1) await append(stream, ...mailsFound(20));
      const awaited = context.stream('awaited');
      const checkpoints: Position[] = [];
      const filter = streamNameFilter({
        prefixes: [awaited],
        checkpointReached: (_subscription, position) => void checkpoints.push(position),
      });
      const subscription = context.client.subscribeToAll({ fromPosition, filter });
      await announced(subscription, 'caughtUp');
      await subscription.unsubscribe();
      expect(checkpoints.length).toBeGreaterThan(1);
      const commits = checkpoints.map((position) => position.commit);
      expect(commits).toEqual([...new Set(commits)].sort((a, b) => (a < b ? -1 : 1)));
      expect(commits[0]).toBeGreaterThan(fromPosition.commit);

      await append(awaited, mailFound('the awaited one'));
      const resumed = context.client.subscribeToAll({ fromPosition: checkpoints.at(-1), filter });
      expect(await takeLabels(resumed, 1)).toEqual(['the awaited one']);
    });
  });
}
