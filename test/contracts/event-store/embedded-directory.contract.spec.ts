import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { EventStoreDBClient, type Position } from '@eventstore/db-client';
import { DamagedStoreError, DirectoryInUseError, startEmbeddedEventStore } from '@libs/embedded-eventstore';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startCompiledStore } from './compiled-store.js';
import { mailFound, mailsFound, subjects } from './mailbox-events.js';
import { all, label, labelsIn } from './taking.js';

const log = () => undefined;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'event-store-directory-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs something against a store on the directory, and closes it. */
async function withStore<T>(work: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
  const store = await startEmbeddedEventStore({ directory, log });
  const client = EventStoreDBClient.connectionString(store.url);
  try {
    return await work(client);
  } finally {
    await client.dispose();
    await store.close();
  }
}

describe('the data directory of the embedded event store', () => {
  it('keeps events, revisions and positions from one run to the next', async () => {
    const first = await withStore(async (client) => (await client.appendToStream('mailbox-1', mailsFound(3))).position);
    await withStore(async (client) => {
      await client.appendToStream('mailbox-1', mailFound('mail 3'), { expectedRevision: 2n });
      expect(await labelsIn(client, 'mailbox-1')).toEqual(subjects(4));
      const fromThere = await all(client.readAll({ fromPosition: first as Position }));
      expect(fromThere.map(label)).toEqual(['mail 2', '$serverStarted', 'mail 3']);
    });
  });

  it('has one owner: a second start in the same process is refused, and the first goes on', async () => {
    await withStore(async (client) => {
      const failure = await startEmbeddedEventStore({ directory, log }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DirectoryInUseError);
      expect(failure).toMatchObject({ code: 'EVENT_STORE_IN_USE', directory, owner: { pid: process.pid } });
      await client.appendToStream('mailbox-1', mailFound('mail'));
      await expect(startEmbeddedEventStore({ directory, log })).rejects.toBeInstanceOf(DirectoryInUseError);
    });
    await withStore(async (client) => expect(await labelsIn(client, 'mailbox-1')).toEqual(['mail']));
  });

  it('has one owner: a start beside another process is refused with its pid and since when', async () => {
    const before = new Date();
    const other = await startCompiledStore(directory);
    try {
      const failure = await startEmbeddedEventStore({ directory, log }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DirectoryInUseError);
      const { message, owner } = failure as DirectoryInUseError;
      expect(message).toContain(`process ${other.pid} on ${hostname()} since ${owner?.since}`);
      expect(new Date(owner?.since ?? 0).getTime()).toBeGreaterThanOrEqual(before.getTime());
    } finally {
      await other.kill();
    }
  });

  it('of a killed process is taken over at once', async () => {
    const killed = await startCompiledStore(directory);
    const client = EventStoreDBClient.connectionString(killed.url);
    await client.appendToStream('mailbox-1', mailFound('mail'));
    await killed.kill();
    expect(JSON.parse(readFileSync(join(directory, 'owner.json'), 'utf8'))).toMatchObject({ pid: killed.pid });
    await withStore(async (client) => expect(await labelsIn(client, 'mailbox-1')).toEqual(['mail']));
  });

  it('is free again after closing, and after a start that failed', async () => {
    writeFileSync(join(directory, 'events.sqlite'), 'not a database');
    await expect(startEmbeddedEventStore({ directory, log })).rejects.toBeInstanceOf(DamagedStoreError);
    rmSync(join(directory, 'events.sqlite'));
    await withStore((client) => client.appendToStream('mailbox-1', mailFound('mail')));
    expect(existsSync(join(directory, 'owner.json'))).toBe(false);
    await withStore(async (client) => expect(await labelsIn(client, 'mailbox-1')).toEqual(['mail']));
  });
});

describe('a damaged event file', () => {
  const file = () => join(directory, 'events.sqlite');

  /** Damages that must be noticed at the start. Each gets a file with some events, cleanly closed. */
  const damages: [string, () => void][] = [
    ['that is no database', () => writeFileSync(file(), 'x'.repeat(8192))],
    ['that is empty', () => truncateSync(file(), 0)],
    ['that has been cut off', () => truncateSync(file(), readFileSync(file()).byteLength - 4096)],
    ['with a page overwritten', () => writeFileSync(file(), withPageOverwritten(readFileSync(file())))],
    ['that belongs to another program', () => replaceByOther('PRAGMA application_id = 7; CREATE TABLE t (a)')],
    ['of a format to come', () => changeFile('PRAGMA user_version = 99')],
    ['with an event that cannot be read', () => changeFile("UPDATE event SET response = x'ffffff'")],
    ['that is gone while its journal is there', () => leaveOnlyTheJournal()],
  ];

  it.each(damages)('%s is named at the start, and left as it is', async (_name, damage) => {
    await withStore((client) => client.appendToStream('mailbox-1', mailsFound(100)));
    damage();
    const before = fingerprint();
    const failure = await startEmbeddedEventStore({ directory, log }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DamagedStoreError);
    expect(failure).toMatchObject({ code: 'EVENT_STORE_DAMAGED', file: file() });
    expect((failure as Error).message).toContain(file());
    expect(fingerprint()).toEqual(before);
  });

  /** What holds data: the file and its journal. (Looking at a file makes SQLite put an empty journal beside it.) */
  function fingerprint(): string[] {
    const contents = ['events.sqlite', 'events.sqlite-wal'].map((name) =>
      existsSync(join(directory, name)) ? readFileSync(join(directory, name)) : Buffer.alloc(0),
    );
    return contents.map((content) => createHash('sha256').update(content).digest('hex'));
  }

  function withPageOverwritten(content: Buffer): Buffer {
    // Past the first page (the header and schema), where the tables are.
    return content.fill(0xa5, 4096 * 2, 4096 * 3);
  }

  function changeFile(sql: string): void {
    const database = new DatabaseSync(file());
    database.exec(`PRAGMA journal_mode = DELETE; ${sql}`);
    database.close();
  }

  function replaceByOther(sql: string): void {
    rmSync(file());
    changeFile(sql);
  }

  function leaveOnlyTheJournal(): void {
    rmSync(file());
    writeFileSync(`${file()}-wal`, 'a journal');
  }
});
