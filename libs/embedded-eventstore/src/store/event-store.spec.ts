import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { decodeEventData } from '../wire/read-response.js';
import { openEventDatabase } from './event-database.js';
import { type StoredEvent } from './event-reader.js';
import { type EventStore, eventStoreOver } from './event-store.js';
import { type ProposedEvent } from './proposed-event.js';

let directory: string;
let database: DatabaseSync;
let store: EventStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'event-store-unit-'));
  database = openEventDatabase(directory, 'normal');
  store = eventStoreOver(database);
});
afterEach(() => {
  vi.useRealTimers();
  database.close();
  rmSync(directory, { recursive: true });
});

function event(data: string, type = 'MailFound'): ProposedEvent {
  const text = randomUUID();
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return { id: { text, bytes }, type, isJson: true, data: Buffer.from(data), metadata: Buffer.alloc(0) };
}

function append(stream: string, ...data: string[]): void {
  const events = data.map((text) => event(text));
  expect(store.writer.append(stream, 'any', events)).toMatchObject({ kind: 'written' });
}

function dataOf(events: readonly StoredEvent[]): string[] {
  return events.map(({ response }) => Buffer.from(decodeEventData(response)).toString());
}

function read(stream: string): string[] {
  return dataOf(store.reader.streamPage(store.streams.find(stream), 0, 'forwards').events);
}

describe('the event file', () => {
  // PRAGMA synchronous: 1 is NORMAL, 2 is FULL.
  it.each([
    ['normal', 1],
    ['full', 2],
  ] as const)('is opened with a write-ahead log, and synced as "%s" says', (durability, synchronous) => {
    const other = mkdtempSync(join(tmpdir(), 'event-store-unit-'));
    const opened = openEventDatabase(other, durability);
    expect(opened.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(opened.prepare('PRAGMA synchronous').get()).toEqual({ synchronous });
    opened.close();
    rmSync(other, { recursive: true });
  });
});

describe('writing', () => {
  it('a failure in the middle of an append leaves nothing of it, and the next append takes its place', () => {
    append('mailbox', 'first');
    const end = store.reader.lastPosition();
    const broken = { ...event('broken'), type: undefined as unknown as string };
    expect(() => store.writer.append('mailbox', 'any', [event('torn'), broken])).toThrow();
    expect(read('mailbox')).toEqual(['first']);
    expect(store.reader.lastPosition()).toBe(end);
    append('mailbox', 'second');
    expect(read('mailbox')).toEqual(['first', 'second']);
  });

  it('an empty append is checked, answered, and writes nothing', () => {
    append('mailbox', 'first');
    expect(store.writer.append('mailbox', 0n, [])).toEqual({ kind: 'written', lastRevision: 0, position: undefined });
    expect(store.writer.append('mailbox', 5n, [])).toEqual({ kind: 'wrong-revision', current: 0 });
    expect(read('mailbox')).toEqual(['first']);
  });

  it('announces what was committed, and nothing else', () => {
    const { version } = store.signal;
    store.writer.append('mailbox', 7n, [event('refused')]);
    expect(store.signal.version).toBe(version);
    append('mailbox', 'written');
    expect(store.signal.version).toBeGreaterThan(version);
  });
});

describe('deleting', () => {
  it('metadata written to a soft-deleted stream brings it back, with its old events hidden', () => {
    append('mailbox', 'old');
    store.writer.softDelete('mailbox', 'any');
    append('$$mailbox', '{"$maxCount":10}');
    append('mailbox', 'new');
    expect(read('mailbox')).toEqual(['new']);
    expect(store.streams.find('mailbox').metadata).toMatchObject({ truncateBefore: 1, maxCount: 10 });
  });

  it('a metadata stream shows only the newest metadata, and goes with its stream', () => {
    append('mailbox', 'mail');
    append('$$mailbox', '{"owner":"alice"}');
    append('$$mailbox', '{"owner":"bob"}');
    expect(read('$$mailbox')).toEqual(['{"owner":"bob"}']);
    store.writer.tombstone('mailbox', 'any');
    expect(store.streams.find('$$mailbox').tombstoned).toBe(true);
    expect(store.writer.append('$$mailbox', 'any', [event('{}')])).toEqual({ kind: 'deleted' });
  });

  it('a stream can be tombstoned before its first event', () => {
    expect(store.writer.tombstone('mailbox', 'no_stream')).toMatchObject({ kind: 'written' });
    expect(store.writer.append('mailbox', 'any', [event('late')])).toEqual({ kind: 'deleted' });
  });
});

describe('reading', () => {
  it('ends a page by its bytes, so that large events do not pile up in memory', () => {
    append('mailbox', ...Array.from({ length: 10 }, () => 'x'.repeat(100_000)));
    const { events, end } = store.reader.streamPage(store.streams.find('mailbox'), 0, 'forwards');
    expect(events).toHaveLength(3);
    expect(end).toBe(false);
    expect(store.reader.allPage(0, 'forwards').events.length).toBeLessThan(10);
  });

  it('leaves out what is older than $maxAge', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    append('$$mailbox', '{"$maxAge":60}');
    append('mailbox', 'old');
    vi.advanceTimersByTime(61_000);
    append('mailbox', 'young');
    expect(read('mailbox')).toEqual(['young']);
  });

  it('knows the positions of events from other numbers', () => {
    append('mailbox', 'mail');
    const position = store.reader.lastPosition();
    expect(store.reader.isPosition(position)).toBe(true);
    expect(store.reader.isPosition(0)).toBe(true);
    expect(store.reader.isPosition(position + 1_000_000)).toBe(true);
    expect(store.reader.isPosition(position - 1)).toBe(false);
  });
});
