import { EventStoreDBClient } from '@eventstore/db-client';

/** A connection to the event store, and what its calls have to say for themselves. */
export interface EventStoreConnection {
  readonly client: EventStoreDBClient;
  /**
   * Given with every append. Without credentials of its own a call takes the client's batch path, which knows no
   * deadline and can hang for ever; with them it takes the plain one. An insecure server ignores them.
   */
  readonly credentials: { readonly username: string; readonly password: string };
}

/** Connects to `url` (`esdb://…`); nothing is sent before the first call. */
export function connectEventStore(url: string): EventStoreConnection {
  const { username, password } = new URL(url.replace(/^[^:]+:/, 'http:'));
  return {
    client: EventStoreDBClient.connectionString(url),
    credentials: username
      ? { username: decodeURIComponent(username), password: decodeURIComponent(password) }
      : { username: 'hrbc-mail', password: 'none' },
  };
}

/** Disposing can wait for calls that never end; a shutdown does not. */
export async function disconnectEventStore({ client }: EventStoreConnection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, 2_000)));
  await Promise.race([client.dispose(), patience]);
  clearTimeout(timer);
}
