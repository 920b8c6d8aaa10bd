import { describe, expect, it } from 'vitest';

import { type Uuid } from '../wire/uuid.js';
import { checkCommit, type StreamBeforeWrite, type StreamHistory } from './commit-check.js';
import { type ExpectedRevision } from './expected-revision.js';

/** Events by letters: "abc" is a stream of three events with the ids a, b and c. */
function streamOf(letters: string, state: Partial<StreamBeforeWrite> = {}): StreamBeforeWrite {
  return { last: letters.length - 1, tombstoned: false, softDeleted: false, ...state };
}

function historyOf(letters: string, hasMetadata = false): StreamHistory {
  return {
    revisionOf: ({ text }) => (letters.includes(text) ? letters.lastIndexOf(text) : undefined),
    hasAt: (revision, { text }) => letters[revision] === text,
    hasMetadata: () => hasMetadata,
  };
}

function idsOf(letters: string): Uuid[] {
  return [...letters].map((text) => ({ text, bytes: Buffer.from(text) }));
}

const write = { kind: 'write' };
const wrong = { kind: 'wrong-revision' };
const deleted = { kind: 'deleted' };
const repeated = (lastRevision: number) => ({ kind: 'repeated', lastRevision });

describe('the check of an append', () => {
  const cases: [stored: string, expected: ExpectedRevision, proposed: string, verdict: object][] = [
    ['', 'any', 'a', write],
    ['ab', 'any', 'c', write],
    ['ab', 'any', 'ab', repeated(1)],
    ['ab', 'any', 'a', repeated(0)],
    ['ab', 'any', 'bc', wrong],
    ['ab', 'any', 'cb', write],
    ['ab', 'any', '', write],

    ['', 'no_stream', 'a', write],
    ['a', 'no_stream', 'x', wrong],
    ['ab', 'no_stream', 'ab', repeated(1)],
    ['abc', 'no_stream', 'ab', repeated(1)],
    ['ab', 'no_stream', 'abc', wrong],
    ['ab', 'no_stream', 'ax', wrong],
    ['ab', 'no_stream', '', wrong],

    ['', 'stream_exists', 'a', wrong],
    ['a', 'stream_exists', 'b', write],
    ['ab', 'stream_exists', 'b', repeated(1)],

    ['abc', 2n, 'd', write],
    ['abc', 2n, '', write],
    ['abc', 1n, 'c', repeated(2)],
    ['abcd', 0n, 'bc', repeated(2)],
    ['abcd', 0n, 'bcdx', wrong],
    ['abc', 1n, 'x', wrong],
    ['abc', 3n, 'd', wrong],
    ['', 0n, 'a', wrong],
    ['abc', 2n ** 64n - 1n, 'd', wrong],
  ];

  it.each(cases)('stored "%s", expected %s, proposed "%s"', (stored, expected, proposed, verdict) => {
    expect(checkCommit(streamOf(stored), expected, idsOf(proposed), historyOf(stored))).toEqual(verdict);
  });

  it('takes metadata for existence', () => {
    expect(checkCommit(streamOf(''), 'stream_exists', idsOf('a'), historyOf('', true))).toEqual(write);
  });

  it.each<ExpectedRevision>(['any', 'no_stream', 'stream_exists', 1n])(
    'refuses a tombstoned stream (%s)',
    (expected) => {
      const stream = streamOf('ab', { tombstoned: true });
      expect(checkCommit(stream, expected, idsOf('c'), historyOf('ab'))).toEqual(deleted);
    },
  );

  const softDeletedCases: [expected: ExpectedRevision, proposed: string, verdict: object][] = [
    ['any', 'c', write],
    ['no_stream', 'c', write],
    ['no_stream', 'ab', repeated(1)],
    ['no_stream', 'ax', wrong],
    ['stream_exists', 'c', deleted],
    [1n, 'c', write],
    [0n, 'c', wrong],
  ];

  it.each(softDeletedCases)('soft-deleted "ab", expected %s, proposed "%s"', (expected, proposed, verdict) => {
    const stream = streamOf('ab', { softDeleted: true });
    expect(checkCommit(stream, expected, idsOf(proposed), historyOf('ab'))).toEqual(verdict);
  });
});
