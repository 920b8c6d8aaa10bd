import { categoryOf, type RecordedEvent } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { categories, events as catalogue } from '../../../src/events.js';
import { EventCodec, FORGOTTEN, hashOf } from '../../../src/platform/event-store/index.js';
import { deciders } from './deciders.js';
import { legibleCipher, type StoredStory, storedStories } from './stored-story.js';

const stories = storedStories();

async function read({ stream, events }: StoredStory, forgotten = false): Promise<RecordedEvent[]> {
  const codec = new EventCodec(catalogue, categories, legibleCipher(forgotten));
  return Promise.all(events.map(async (event, revision) => codec.decode(event, { stream, revision, position: '' })));
}
function stateAfter(stream: string, events: readonly RecordedEvent[]): unknown {
  const decider = deciders[categoryOf(stream)];
  if (!decider) throw new Error(`deciders.ts names nobody who folds ${stream}.`);
  return events.reduce<unknown>(
    (state, { type, data }) => decider.evolve(state, { type, data } as never),
    decider.initialState,
  );
}

describe('events as they were once stored', () => {
  it('have a sample of every type (scripts/events/store-sample.mjs makes one)', () => {
    const sampled = new Set(stories.flatMap(({ events }) => events.map(({ type }) => type)));
    expect(Object.keys(catalogue).filter((type) => !sampled.has(type))).toEqual([]);
  });

  it.each(stories.map((story) => [story.story, story] as const))('are read and folded: %s', async (_, story) => {
    const state = stateAfter(story.stream, await read(story));
    if (story.leadsTo === null) expect(state).toBeNull();
    else expect(state).toMatchObject(story.leadsTo as object);
  });

  it.each(stories.map((story) => [story.story, story] as const))('still verify: %s', (_, { stream, events }) => {
    let previousHash: string | null = null;
    for (const [revision, { id, type, data, metadata }] of events.entries()) {
      const { hash, ...hashed } = metadata;
      expect(hashed.previousHash).toBe(previousHash);
      expect(hashOf({ stream, revision, id, type, data, metadata: hashed })).toBe(hash);
      previousHash = hash;
    }
  });

  it.each(stories.map((story) => [story.story, story] as const))(
    'are folded as well when their people are forgotten: %s',
    async (_, story) => {
      const opened = await read(story, true);
      expect(() => stateAfter(story.stream, opened)).not.toThrow();
      const text = JSON.stringify(opened);
      for (const personal of ['営業 太郎', '@example.co', '203.0.113.7']) expect(text).not.toContain(personal);
      expect(text).toContain(FORGOTTEN);
    },
  );
});
