import {
  type CommandMetadata,
  type Decider,
  defineRejections,
  type DomainCommand,
  type DomainEvent,
  rejectWith,
} from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { DeciderRunner, EffectVisibility } from './decider-runner.js';
import { type EventStore } from './event-store.js';
import { StoreUnavailable, StreamMovedOn } from './event-store.errors.js';

type Poured = DomainEvent<'Poured', { readonly cups: number }>;
type Pour = DomainCommand<'Pour', { readonly cups: number }>;
const reject = rejectWith(
  defineRejections({
    pot_empty: {
      kind: 'conflict',
      fixableBy: 'user',
      title: { ja: '空', en: 'Empty' },
      detail: () => ({ ja: '空です', en: 'It is empty.' }),
    },
  }),
);

/** A pot of five cups. */
const potDecider: Decider<number, Pour, Poured> = {
  initialState: 0,
  evolve: (poured, { data }) => poured + data.cups,
  decide({ data: { cups } }, poured) {
    if (poured + cups > 5) throw reject('pot_empty');
    return cups === 0 ? [] : [{ type: 'Poured', data: { cups } }];
  },
};
const metadata = { company: 'tea', at: '2026-11-22T01:00:00.000Z' } as CommandMetadata;
const pour = (cups: number): Pour => ({ type: 'Pour', data: { cups }, metadata });

/** One stream in memory; `beforeAppend` is where somebody else may get in between. */
class OneStream {
  readonly events: DomainEvent[] = [];
  readonly reads: string[] = [];
  beforeAppend: (() => void) | undefined;

  async read() {
    this.reads.push('all');
    return { events: [...this.events], head: this.head };
  }
  async readLast() {
    this.reads.push('last');
    return { events: this.events.slice(-1), head: this.head };
  }
  async append(_stream: string, head: { revision: number } | null, events: readonly DomainEvent[]): Promise<string> {
    const interference = this.beforeAppend;
    this.beforeAppend = undefined;
    interference?.();
    if ((head?.revision ?? -1) !== this.events.length - 1) throw new StreamMovedOn('pot-tea');
    this.events.push(...events);
    return `p${this.events.length - 1}`;
  }
  pouredBySomebodyElse(cups: number): void {
    this.events.push({ type: 'Poured', data: { cups } });
  }
  private get head() {
    return this.events.length === 0 ? null : { revision: this.events.length - 1, hash: 'h' };
  }
}

class Waiting extends EffectVisibility {
  readonly waitedFor: string[] = [];
  async whenVisible(category: string, position: string): Promise<void> {
    this.waitedFor.push(`${category}@${position}`);
  }
}

function setUp() {
  const stream = new OneStream();
  const waiting = new Waiting();
  const runner = new DeciderRunner(stream as unknown as EventStore, waiting);
  const run = (cups: number, options?: Parameters<typeof runner.run<number, Pour, Poured>>[3]) =>
    runner.run(potDecider, 'pot-tea', pour(cups), options);
  return { stream, waiting, runner, run };
}

describe('running a decider', () => {
  it('decides on what is there, appends behind it, and answers where it stands', async () => {
    const { stream, run } = setUp();
    expect(await run(2)).toEqual({
      state: 2,
      events: [{ type: 'Poured', data: { cups: 2 } }],
      revision: 0,
      position: 'p0',
    });
    expect(await run(3)).toMatchObject({ state: 5, revision: 1, position: 'p1' });
    expect(stream.events).toHaveLength(2);
  });

  it('answers only when the effect can be read, unless it is told not to wait', async () => {
    const { waiting, run } = setUp();
    await run(1);
    await run(1, { awaitEffect: false });
    expect(waiting.waitedFor).toEqual(['pot@p0']);
  });

  it('writes nothing and waits for nothing when nothing happens', async () => {
    const { stream, waiting, run } = setUp();
    await run(1);
    expect(await run(0)).toEqual({ state: 1, events: [], revision: 0, position: null });
    expect(stream.events).toHaveLength(1);
    expect(waiting.waitedFor).toHaveLength(1);
  });

  it('decides once more on the new state when somebody was quicker', async () => {
    const { stream, run } = setUp();
    stream.beforeAppend = () => stream.pouredBySomebodyElse(1);
    expect(await run(2)).toMatchObject({ state: 3, revision: 1 });
    expect(stream.reads).toEqual(['all', 'all']);
  });

  it('refuses on the new state what only the old one allowed', async () => {
    const { stream, run } = setUp();
    stream.beforeAppend = () => stream.pouredBySomebodyElse(4);
    await expect(run(2)).rejects.toMatchObject({ code: 'pot_empty' });
    expect(stream.events).toHaveLength(1);
  });

  it('asks the guard again before the second decision', async () => {
    const { stream, run } = setUp();
    stream.beforeAppend = () => stream.pouredBySomebodyElse(1);
    const seen: (number | null)[] = [];
    await run(1, { guard: (_state, revision) => void seen.push(revision) });
    expect(seen).toEqual([null, 0]);
  });

  it('gives up after the second conflict, and has written nothing', async () => {
    const { stream, run } = setUp();
    stream.beforeAppend = () => {
      stream.pouredBySomebodyElse(1);
      stream.beforeAppend = () => stream.pouredBySomebodyElse(1);
    };
    await expect(run(1)).rejects.toThrow(StreamMovedOn);
    expect(stream.events).toHaveLength(2);
  });

  it('repeats nothing by itself when the store is away: whether it was written is for the store adapter to find out', async () => {
    const { stream, run } = setUp();
    stream.beforeAppend = () => {
      throw new StoreUnavailable('away');
    };
    await expect(run(1)).rejects.toThrow(StoreUnavailable);
    expect(stream.reads).toHaveLength(1);
  });

  it('lets the guard refuse before anything is decided', async () => {
    const { stream, run } = setUp();
    const refusal = new Error('another revision');
    const guard = () => {
      throw refusal;
    };
    await expect(run(1, { guard })).rejects.toBe(refusal);
    expect(stream.events).toEqual([]);
  });

  it('reads nothing where nothing is supposed to be there, until the append says otherwise', async () => {
    const { stream, run } = setUp();
    expect(await run(4, { memory: 'none' })).toMatchObject({ state: 4, revision: 0, position: 'p0' });
    expect(stream.reads).toEqual([]);
    expect(await run(1, { memory: 'none' })).toMatchObject({ state: 5, revision: 1, position: 'p1' });
    expect(stream.reads).toEqual(['all']);
    await expect(run(1, { memory: 'none' })).rejects.toMatchObject({ code: 'pot_empty' });
  });

  it('refuses nothing, and leaves nothing out, on a mere supposition', async () => {
    const { stream, run } = setUp();
    stream.pouredBySomebodyElse(2);
    expect(await run(0, { memory: 'none' })).toMatchObject({ state: 2, revision: 0, position: null });
    await expect(run(6, { memory: 'none' })).rejects.toMatchObject({ code: 'pot_empty' });
    expect(stream.reads).toEqual(['all', 'all']);
  });

  it('reads one event where one is enough, and counts revisions all the same', async () => {
    const { stream, run, runner } = setUp();
    stream.pouredBySomebodyElse(1);
    stream.pouredBySomebodyElse(2);
    expect(await run(1, { memory: 'last' })).toMatchObject({ state: 3, revision: 2 });
    expect(stream.reads).toEqual(['last']);
    expect(await runner.load(potDecider, 'pot-tea', 'last')).toMatchObject({ state: 1, head: { revision: 2 } });
  });
});
