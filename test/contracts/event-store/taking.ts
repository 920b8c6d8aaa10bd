import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type ReadStreamOptions,
  type ResolvedEvent,
  StreamNotFoundError,
  type StreamSubscription,
} from '@eventstore/db-client';

type Subscription = AllStreamSubscription | StreamSubscription;

/** The subject of a found mail, or the type of any other event. */
export function label({ event }: ResolvedEvent | AllStreamResolvedEvent): string {
  const data: unknown = event?.data;
  const subject = typeof data === 'object' && data !== null && 'subject' in data ? data.subject : undefined;
  return typeof subject === 'string' ? subject : (event?.type ?? 'unresolved link');
}

/** Everything a read gives. */
export async function all<T>(read: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of read) events.push(event);
  return events;
}

/** The stream's events by their labels. */
export async function labelsIn(
  client: EventStoreDBClient,
  stream: string,
  options: ReadStreamOptions = {},
): Promise<string[]> {
  return (await all(client.readStream(stream, options))).map(label);
}

/** How many events the stream has; 0 also when it does not exist. */
export async function countIn(client: EventStoreDBClient, stream: string): Promise<number> {
  try {
    return (await labelsIn(client, stream)).length;
  } catch (error) {
    if (error instanceof StreamNotFoundError) return 0;
    throw error;
  }
}

/** The next `count` events of a subscription, which is then ended. */
export async function take(subscription: Subscription, count: number): Promise<AllStreamResolvedEvent[]> {
  const events: AllStreamResolvedEvent[] = [];
  for await (const event of subscription as AsyncIterable<AllStreamResolvedEvent>) {
    events.push(event);
    if (events.length === count) {
      // Before leaving the loop, because leaving it does not end the call.
      await subscription.unsubscribe();
      break;
    }
  }
  return events;
}

/** The same by labels. */
export async function takeLabels(subscription: Subscription, count: number): Promise<string[]> {
  return (await take(subscription, count)).map(label);
}

/** Resolves with the next announcement of this kind; rejects when the subscription fails first. */
export async function announced(
  subscription: Subscription,
  what: 'confirmation' | 'caughtUp' | 'fellBehind',
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    (subscription as AllStreamSubscription).once(what as 'caughtUp', () => resolve()).once('error', reject);
  });
}

/** The error a subscription ends with. */
export async function failureOf(subscription: Subscription): Promise<unknown> {
  try {
    await all(subscription as AsyncIterable<unknown>);
  } catch (error) {
    return error;
  }
  throw new Error('The subscription ended without an error');
}
