import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSync } from 'node:sqlite';
import { Duplex } from 'node:stream';

import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openEventDatabase } from '../store/event-database.js';
import { type EventStore, eventStoreOver } from '../store/event-store.js';
import { streamIdentifier } from '../wire/stream-identifier.js';
import { empty, shared, streams } from '../wire/stubs.js';
import { type BatchAppendCall, BatchAppendSession } from './batch-append.handler.js';

/** A BatchAppend stream without a network: `push` is what the client sends, `replies` what it gets. */
class LocalCall extends Duplex {
  readonly replies: streams.BatchAppendResp[] = [];

  constructor() {
    super({ objectMode: true });
  }

  override _read(): void {}

  override _write(reply: streams.BatchAppendResp, _encoding: string, done: () => void): void {
    this.replies.push(reply);
    done();
  }
}

/** What a reply says: the error's name, or the revision. */
function meaning(reply: streams.BatchAppendResp): string {
  return reply.getError()?.getMessage() ?? `revision ${reply.getSuccess()?.getCurrentRevision()}`;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a BatchAppend stream', () => {
  let directory: string;
  let database: DatabaseSync;
  let store: EventStore;
  let call: LocalCall;
  const failures: unknown[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'batch-append-unit-'));
    database = openEventDatabase(directory, 'normal');
    store = eventStoreOver(database);
    call = new LocalCall();
    failures.length = 0;
    new BatchAppendSession(store, call as unknown as BatchAppendCall, (error) => failures.push(error));
  });
  afterEach(() => {
    vi.useRealTimers();
    call.destroy();
    database.close();
    rmSync(directory, { recursive: true });
  });

  function mail(bytes = 10, id: string = randomUUID()): streams.BatchAppendReq.ProposedMessage {
    const message = new streams.BatchAppendReq.ProposedMessage()
      .setId(new shared.UUID().setString(id))
      .setData(Buffer.alloc(bytes));
    message.getMetadataMap().set('type', 'MailFound').set('content-type', 'application/json');
    return message;
  }

  function untyped(): streams.BatchAppendReq.ProposedMessage {
    const message = mail();
    message.clearMetadataMap();
    return message;
  }

  function opening(deadline?: Date): streams.BatchAppendReq.Options {
    const options = new streams.BatchAppendReq.Options()
      .setStreamIdentifier(streamIdentifier('mailbox'))
      .setAny(new empty.Empty());
    return deadline ? options.setDeadline(Timestamp.fromDate(deadline)) : options;
  }

  function part(correlation: string, final: boolean, ...mails: streams.BatchAppendReq.ProposedMessage[]) {
    return new streams.BatchAppendReq()
      .setCorrelationId(new shared.UUID().setString(correlation))
      .setProposedMessagesList(mails)
      .setIsFinal(final);
  }

  const stored = () => store.streams.find('mailbox').last + 1;

  it('replies under the correlation id and the stream of the append', async () => {
    const correlation = randomUUID();
    call.push(part(correlation, true, mail()).setOptions(opening()));
    await settle();
    const [reply] = call.replies;
    expect(reply?.getCorrelationId()?.getString()).toBe(correlation);
    expect(Buffer.from(reply?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('mailbox');
    expect(call.replies.map(meaning)).toEqual(['revision 0']);
  });

  it('keeps the parts of appends apart, and commits each when its last part is there', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    call.push(part(one, false, mail()).setOptions(opening()));
    call.push(part(two, false, mail(), mail()).setOptions(opening()));
    call.push(part(one, false, mail()));
    await settle();
    expect(stored()).toBe(0);
    call.push(part(two, true, mail()));
    call.push(part(one, true));
    await settle();
    expect(call.replies.map(meaning)).toEqual(['revision 2', 'revision 4']);
  });

  it('replies once to an append that is too large, and passes over its later parts', async () => {
    const correlation = randomUUID();
    call.push(part(correlation, false, mail(900_000)).setOptions(opening()));
    call.push(part(correlation, false, mail(200_000)));
    call.push(part(correlation, true, mail()));
    await settle();
    expect(call.replies.map(meaning)).toEqual(['MaximumAppendSizeExceeded']);
    expect(stored()).toBe(0);
  });

  it('gives up an append whose parts do not arrive in time', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const correlation = randomUUID();
    call.push(part(correlation, false, mail()).setOptions(opening(new Date(Date.now() + 1000))));
    await settle();
    vi.advanceTimersByTime(1001);
    call.push(part(correlation, true, mail()));
    await settle();
    expect(call.replies.map(meaning)).toEqual(['Timeout']);
    expect(stored()).toBe(0);
  });

  it('does not time out what it has refused', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const unexpecting = opening(new Date(Date.now() + 1000));
    unexpecting.clearAny();
    call.push(part(randomUUID(), false, mail()).setOptions(unexpecting));
    await settle();
    vi.advanceTimersByTime(1001);
    await settle();
    expect(call.replies.map(meaning)).toEqual(['BadRequest']);
  });

  it('passes over parts of an append that was never opened', async () => {
    call.push(part(randomUUID(), true, mail()));
    await settle();
    expect(call.replies).toEqual([]);
  });

  it.each([
    ['an id that is none', () => [mail(10, 'not-a-uuid')], opening],
    ['no type', () => [untyped()], opening],
    ['no stream', () => [mail()], () => new streams.BatchAppendReq.Options().setAny(new empty.Empty())],
    [
      'no expectation',
      () => [mail()],
      () => new streams.BatchAppendReq.Options().setStreamIdentifier(streamIdentifier('m')),
    ],
    ['the stream of all', () => [mail()], () => opening().setStreamIdentifier(streamIdentifier('$all'))],
  ])('refuses %s, and goes on', async (_name, mails, options) => {
    call.push(part(randomUUID(), true, ...mails()).setOptions(options()));
    call.push(part(randomUUID(), true, mail()).setOptions(opening()));
    await settle();
    expect(call.replies.map(meaning)).toEqual(['BadRequest', 'revision 0']);
    expect(failures).toEqual([]);
  });

  it('tells a failure of the store from a bad request', async () => {
    vi.spyOn(store.writer, 'append').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    call.push(part(randomUUID(), true, mail()).setOptions(opening()));
    await settle();
    expect(call.replies.map(meaning)).toEqual(['Unknown']);
    expect(failures).toHaveLength(1);
  });

  it('ends when the client has nothing more to append', async () => {
    call.push(null);
    await settle();
    expect(call.writableEnded).toBe(true);
  });
});
