import { randomUUID } from 'node:crypto';

import {
  type AppendToStreamOptions,
  EventStoreDBClient,
  jsonEvent,
  type JSONEventData,
  NO_STREAM,
  StreamNotFoundError,
  UnavailableError,
} from '@eventstore/db-client';

import { type EmbeddedProcess } from './embedded-process.js';

const WRITERS = 16;
const EVENTS_PER_APPEND = 5;

/** What became of the appends of one round, as the store shows them after the restart. */
export interface KillRound {
  readonly confirmed: number;
  /** Confirmed, and missing or incomplete after the restart. Must be 0. */
  readonly lost: number;
  /** Present in part. Must be 0. */
  readonly torn: number;
  /** Not confirmed before the kill. */
  readonly unconfirmed: number;
  /** Of these, complete after they were repeated with the same ids, and there once. Must be all of them. */
  readonly repeatedOnce: number;
}

interface Attempt {
  readonly stream: string;
  readonly events: JSONEventData[];
  confirmed: boolean;
}

/**
 * Kills the store under 16 writers after so many confirmations, starts it again on the same data, and looks what is
 * there. Every append goes to a stream of its own, so an append is exactly the content of a stream.
 */
export async function killRound(
  start: () => Promise<EmbeddedProcess>,
  confirmationsBeforeKill: number,
): Promise<KillRound> {
  const attempts = await writeUntilKilled(await start(), confirmationsBeforeKill);
  const server = await start();
  const client = EventStoreDBClient.connectionString(server.url);
  try {
    const counts = await countAll(client, attempts);
    const unconfirmed = attempts.filter((attempt) => !attempt.confirmed);
    for (const attempt of unconfirmed) await append(client, attempt);
    const afterwards = await countAll(client, unconfirmed);
    return {
      confirmed: attempts.length - unconfirmed.length,
      lost: attempts.filter((attempt, index) => attempt.confirmed && counts[index] !== EVENTS_PER_APPEND).length,
      torn: counts.filter((count) => count !== 0 && count !== EVENTS_PER_APPEND).length,
      unconfirmed: unconfirmed.length,
      repeatedOnce: afterwards.filter((count) => count === EVENTS_PER_APPEND).length,
    };
  } finally {
    await server.kill();
  }
}

async function writeUntilKilled(server: EmbeddedProcess, confirmationsBeforeKill: number): Promise<Attempt[]> {
  const client = EventStoreDBClient.connectionString(server.url);
  const attempts: Attempt[] = [];
  let confirmations = 0;
  let killed: Promise<void> | undefined;
  const writer = async () => {
    for (;;) {
      const attempt = newAttempt();
      attempts.push(attempt);
      try {
        await append(client, attempt);
      } catch (error) {
        if (killed === undefined || !(error instanceof UnavailableError)) throw error;
        return;
      }
      attempt.confirmed = true;
      confirmations += 1;
      if (confirmations >= confirmationsBeforeKill) killed ??= server.kill();
    }
  };
  try {
    await Promise.all(Array.from({ length: WRITERS }, writer));
  } finally {
    await server.kill();
  }
  return attempts;
}

function newAttempt(): Attempt {
  const events = Array.from({ length: EVENTS_PER_APPEND }, (_, index) =>
    jsonEvent({ type: 'MailFound', data: { subject: `mail ${index}`, padding: 'x'.repeat(200) } }),
  );
  return { stream: `killed-${randomUUID()}`, events, confirmed: false };
}

async function append(client: EventStoreDBClient, { stream, events }: Attempt): Promise<void> {
  // Credentials choose the Append call, which fails by itself when the server dies.
  const options: AppendToStreamOptions = {
    expectedRevision: NO_STREAM,
    credentials: { username: 'admin', password: 'changeit' },
  };
  await client.appendToStream(stream, events, options);
}

async function countAll(client: EventStoreDBClient, attempts: readonly Attempt[]): Promise<number[]> {
  const counts: number[] = [];
  for (const { stream } of attempts) counts.push(await countEvents(client, stream));
  return counts;
}

async function countEvents(client: EventStoreDBClient, stream: string): Promise<number> {
  let count = 0;
  try {
    for await (const _event of client.readStream(stream)) count += 1;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return count;
}
