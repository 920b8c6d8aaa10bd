import { type RecordedEvent } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Replayable, Replayables, type ReplayedKind } from '../../../platform/audit-trail/index.js';
import { EventStore } from '../../../platform/event-store/index.js';
import { rejectAudit } from '../audit.errors.js';
import { type FieldChange, fieldChanges } from './field-changes.js';
import { withFingerprints } from './fingerprints.js';

/** An event, and what it changed. */
export interface HistoryEntry {
  readonly event: RecordedEvent;
  readonly changes: readonly FieldChange[];
}

/** Something as it stood at an instant, and how it came to that. */
export interface Replayed {
  /** null: there was nothing yet. */
  readonly setting: unknown;
  readonly history: readonly HistoryEntry[];
}

export interface Difference {
  readonly before: unknown;
  readonly after: unknown;
  /** From the one to the other, whatever happened in between. */
  readonly changes: readonly FieldChange[];
  /** What happened in between. */
  readonly history: readonly HistoryEntry[];
}

/**
 * What a setting was at any instant, folded from its events by the `evolve` that the product itself runs; no read
 * model has a say in it (R49).
 */
@Injectable()
export class SettingReplay {
  constructor(
    private readonly replayables: Replayables,
    private readonly store: EventStore,
  ) {}

  /** `at`: RFC 3339, UTC. Refuses with `not_on_record` where nothing ever was, nor could be. */
  async at(kind: ReplayedKind, company: string, id: string, at: string): Promise<Replayed> {
    const { replayable, events } = await this.recordOf(kind, company, id);
    return replayed(replayable, events, countUntil(events, at));
  }

  /** Between two instants, `from` before `to`. */
  async between(kind: ReplayedKind, company: string, id: string, from: string, to: string): Promise<Difference> {
    if (from >= to) throw rejectAudit('period_invalid', {}, { field: 'from' });
    const { replayable, events } = await this.recordOf(kind, company, id);
    const count = countUntil(events, from);
    const before = replayed(replayable, events, count);
    const after = replayed(replayable, events, Math.max(count, countUntil(events, to)));
    return {
      before: before.setting,
      after: after.setting,
      changes: fieldChanges(before.setting, after.setting),
      history: after.history.slice(count),
    };
  }

  private async recordOf(kind: ReplayedKind, company: string, id: string) {
    const replayable = this.replayables.of(kind);
    if (!replayable) throw rejectAudit('not_on_record');
    const { events } = await this.store.read(replayable.streamOf(company, id));
    if (events.length === 0 && replayable.begin().shown === null) throw rejectAudit('not_on_record');
    return { replayable, events };
  }
}

/**
 * How many events had happened. Only ever a beginning of the stream: where clocks of two instances differ, an event
 * that says it is older than its predecessor must not be taken without it.
 */
function countUntil(events: readonly RecordedEvent[], at: string): number {
  const later = events.findIndex(({ metadata }) => metadata.at > at);
  return later === -1 ? events.length : later;
}

function replayed(replayable: Replayable, events: readonly RecordedEvent[], count: number): Replayed {
  const replay = replayable.begin();
  let setting = withFingerprints(replay.shown);
  const history = events.slice(0, count).map((event) => {
    const before = setting;
    replay.apply(event);
    setting = withFingerprints(replay.shown);
    return { event, changes: fieldChanges(before, setting) };
  });
  return { setting, history };
}
