import { type Decider, type DomainCommand, type DomainEvent, type RecordedEvent } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { replayableOf, Replayables } from '../../../platform/audit-trail/index.js';
import { type EventStore } from '../../../platform/event-store/index.js';
import { SettingReplay } from './setting-replay.js';

type Lamp = { readonly status: 'none' } | { readonly status: 'on'; readonly colour: string; readonly bulbRef: string };
type LampEvent = DomainEvent<'Lit', { readonly colour: string; readonly bulbRef: string }> | DomainEvent<'Broken'>;

const lampDecider: Decider<Lamp, DomainCommand, LampEvent> = {
  initialState: { status: 'none' },
  evolve: (_lamp, event) => (event.type === 'Lit' ? { status: 'on', ...event.data } : { status: 'none' }),
  decide: () => [],
};
const lit = (colour: string, bulbRef = 'bulb-1'): LampEvent => ({ type: 'Lit', data: { colour, bulbRef } });

const recorded = (event: LampEvent, revision: number, at: string) =>
  ({
    ...event,
    revision,
    stream: 'lamp-porters_l1',
    metadata: { at: `2026-11-22T${at}:00.000Z` },
  }) as unknown as RecordedEvent;
const history = [
  recorded(lit('red'), 0, '01:00'),
  recorded(lit('blue', 'bulb-2'), 1, '02:00'),
  recorded({ type: 'Broken', data: {} }, 2, '03:00'),
];

function replayOf(events: readonly RecordedEvent[], nothing: 'null' | 'none' = 'null'): SettingReplay {
  const replayables = new Replayables();
  replayables.register(
    replayableOf({
      kind: 'mail_server',
      decider: lampDecider,
      streamOf: (company, id) => `lamp-${company}_${id}`,
      show: ({ status, ...lamp }) => (status === 'none' && nothing === 'null' ? null : { state: status, ...lamp }),
    }),
  );
  const store = { read: async (stream: string) => ({ events: stream === 'lamp-porters_l1' ? events : [] }) };
  return new SettingReplay(replayables, store as unknown as EventStore);
}
const at = (time: string) => `2026-11-22T${time}:00.000Z`;
const settingAt = async (time: string) =>
  (await replayOf(history).at('mail_server', 'porters', 'l1', at(time))).setting;

describe('a setting replayed', () => {
  it('is what it was at the instant, the instant of an event included', async () => {
    expect(await settingAt('00:59')).toBeNull();
    expect(await settingAt('01:00')).toMatchObject({ state: 'on', colour: 'red' });
    expect(await settingAt('01:59')).toMatchObject({ colour: 'red' });
    expect(await settingAt('02:00')).toMatchObject({ colour: 'blue' });
    expect(await settingAt('09:00')).toBeNull();
  });

  it('tells event by event what changed, secrets as fingerprints', async () => {
    const { history: told } = await replayOf(history).at('mail_server', 'porters', 'l1', at('02:30'));
    expect(told.map(({ event, changes }) => [event.revision, changes.map(({ field }) => field)])).toEqual([
      [0, ['bulb', 'colour', 'state']],
      [1, ['bulb', 'colour']],
    ]);
    expect(JSON.stringify(told.map(({ changes }) => changes))).not.toContain('bulb-1');
  });

  it('never takes an event without its predecessor, whatever their clocks say', async () => {
    const skewed = [recorded(lit('red'), 0, '01:05'), recorded(lit('blue'), 1, '01:03')];
    const { setting } = await replayOf(skewed).at('mail_server', 'porters', 'l1', at('01:04'));
    expect(setting).toBeNull();
    expect((await replayOf(skewed).at('mail_server', 'porters', 'l1', at('01:05'))).setting).toMatchObject({
      colour: 'blue',
    });
  });

  it('is refused where nothing is on record, and shown where "nothing" is a state', async () => {
    await expect(replayOf([]).at('mail_server', 'porters', 'l1', at('01:00'))).rejects.toMatchObject({
      code: 'not_on_record',
    });
    await expect(replayOf(history).at('mail_server', 'rival', 'l1', at('01:00'))).rejects.toMatchObject({
      code: 'not_on_record',
    });
    await expect(replayOf(history).at('mail_setting', 'porters', 'l1', at('01:00'))).rejects.toMatchObject({
      code: 'not_on_record',
    });
    expect(await replayOf([], 'none').at('mail_server', 'porters', 'l1', at('01:00'))).toEqual({
      setting: { state: 'none' },
      history: [],
    });
  });

  it('is compared between two instants', async () => {
    const difference = await replayOf(history).between('mail_server', 'porters', 'l1', at('01:30'), at('02:30'));
    expect(difference.changes).toContainEqual({ field: 'colour', before: 'red', after: 'blue' });
    expect(difference.history.map(({ event }) => event.revision)).toEqual([1]);
    const nothing = await replayOf(history).between('mail_server', 'porters', 'l1', at('04:00'), at('05:00'));
    expect(nothing).toEqual({ before: null, after: null, changes: [], history: [] });
    const backwards = replayOf(history).between('mail_server', 'porters', 'l1', at('02:00'), at('01:00'));
    await expect(backwards).rejects.toMatchObject({ code: 'period_invalid' });
  });
});
