import { describe, expect, it } from 'vitest';

import { NotServedError } from './failures.js';
import { readQueryOf } from './read-query.js';
import { streamIdentifier } from './stream-identifier.js';
import { shared, streams } from './stubs.js';

const { Options } = streams.ReadReq;

/** What the official client sends with every read. */
function options(): streams.ReadReq.Options {
  return new Options().setUuidOption(new Options.UUIDOption().setString(new shared.Empty())).setCount('10');
}

function ofStream(revision?: string): streams.ReadReq.Options.StreamOptions {
  const stream = new Options.StreamOptions().setStreamIdentifier(streamIdentifier('mailbox'));
  return revision === undefined ? stream.setStart(new shared.Empty()) : stream.setRevision(revision);
}

const subscription = () => options().setSubscription(new Options.SubscriptionOptions());
const fromStart = () => new Options.AllOptions().setStart(new shared.Empty());

function filterBy(regex: string, multiplier = 1): streams.ReadReq.Options.FilterOptions {
  const expression = new Options.FilterOptions.Expression().setRegex(regex);
  return new Options.FilterOptions().setEventType(expression).setCheckpointintervalmultiplier(multiplier);
}

function query(read: streams.ReadReq.Options) {
  return readQueryOf(new streams.ReadReq().setOptions(read));
}

describe('reading a read request', () => {
  it('cuts revisions and counts that are beyond every event', () => {
    const largest = (2n ** 64n - 1n).toString();
    expect(query(options().setStream(ofStream(largest)).setCount(largest))).toMatchObject({
      from: Number.MAX_SAFE_INTEGER,
      count: Number.MAX_SAFE_INTEGER,
    });
  });

  it('subscribes after -1 from the start of a stream, and after 0 from the start of all', () => {
    expect(query(subscription().setStream(ofStream()))).toMatchObject({ after: -1 });
    expect(query(subscription().setAll(fromStart()))).toMatchObject({ after: 0, filter: undefined });
  });

  it.each<[string, () => streams.ReadReq.Options]>([
    ['links resolved', () => options().setStream(ofStream()).setResolveLinks(true)],
    ['a filter on a read', () => options().setAll(fromStart()).setFilter(filterBy('^Mail'))],
    [
      'ids in structured form',
      () => new Options().setUuidOption(new Options.UUIDOption().setStructured(new shared.Empty())).setAll(fromStart()),
    ],
  ])('does not serve %s', (_name, read) => {
    expect(() => query(read())).toThrow(NotServedError);
  });

  it.each<[string, () => streams.ReadReq.Options]>([
    ['nothing to read', () => options()],
    ['a stream without a name', () => options().setStream(new Options.StreamOptions())],
    ['a broken expression', () => subscription().setAll(fromStart()).setFilter(filterBy('('))],
  ])('refuses %s', (_name, read) => {
    expect(() => query(read())).toThrow(RangeError);
  });

  it('refuses a checkpoint interval of 0, which would mean a checkpoint never or always', () => {
    const unending = subscription().setAll(fromStart()).setFilter(filterBy('^Mail', 0));
    expect(() => query(unending)).toThrow(RangeError);
  });
});
