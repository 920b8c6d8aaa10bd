import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';

/** A server under test. */
export interface RunningEventStore {
  readonly url: string;
  /**
   * Takes the server away, runs `whileGone`, and brings it back on the same port with the same data. Missing where the
   * suite does not own the server.
   */
  readonly restart?: (whileGone: () => Promise<void>) => Promise<void>;
  stop(): Promise<void>;
}

export type StartEventStore = () => Promise<RunningEventStore>;

/** What a guarantee needs: the server, a client, and names of its own, so that no test meets another's events. */
export class EventStoreContext {
  #running: RunningEventStore | undefined;
  #clients: EventStoreDBClient[] = [];
  #shared: EventStoreDBClient | undefined;

  async start(start: StartEventStore): Promise<void> {
    this.#running = await start();
  }

  /** Puts away the clients and the server. Disposing is given a limit, because it waits for ever on a leaked call. */
  async stop(): Promise<void> {
    await Promise.race([Promise.all(this.#clients.map((client) => client.dispose())), setTimeout(2000)]);
    await this.#running?.stop();
  }

  get server(): RunningEventStore {
    if (this.#running === undefined) throw new Error('The server under test has not been started');
    return this.#running;
  }

  /** The client most guarantees share. */
  get client(): EventStoreDBClient {
    this.#shared ??= this.newClient();
    return this.#shared;
  }

  newClient(url = this.server.url): EventStoreDBClient {
    const client = EventStoreDBClient.connectionString(url);
    this.#clients.push(client);
    return client;
  }

  /** Given with a call, these make the client append by the Append call instead of its BatchAppend stream. */
  get credentials(): Credentials {
    const { username, password } = new URL(this.server.url);
    return { username: decodeURIComponent(username || 'admin'), password: decodeURIComponent(password || 'changeit') };
  }

  /** A stream nobody else uses. */
  stream(purpose: string): string {
    return `${purpose}-${randomUUID()}`;
  }
}

/** The client's two ways to append; what holds for one has to hold for the other. */
export const WRITE_PATHS = [
  { path: 'BatchAppend', withCredentials: false },
  { path: 'Append (credentials given)', withCredentials: true },
] as const;

export type WritePath = (typeof WRITE_PATHS)[number];

/** The append options that choose the write path. */
export function by(path: WritePath, context: EventStoreContext): { credentials?: Credentials } {
  return path.withCredentials ? { credentials: context.credentials } : {};
}
