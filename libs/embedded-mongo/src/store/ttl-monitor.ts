import { date } from '../bson/make-cell.js';
import type { Filter } from '../query/filter.js';
import { UNLIMITED } from '../plan/time-budget.js';
import { findRows } from '../query/find-documents.js';
import type { Collection } from './collection.js';
import type { Engine } from './engine.js';
import type { StoredIndex } from './stored-index.js';

/** So many documents are deleted in one step, so that commands are not held up for long. */
const STEP = 200;

/** Conditions of an index on the dates it expires by; an index never expires what is no date. */
function expiredFilter({ definition }: StoredIndex, seconds: number, now: number): Filter {
  const [field] = definition.fields;
  if (field === undefined) throw new Error('an index without fields');
  const expired: Filter = {
    kind: 'field',
    path: field.path,
    test: { kind: 'compare', operator: 'lte', value: date(now - seconds * 1000) },
  };
  return definition.partial === undefined ? expired : { kind: 'and', parts: [expired, definition.partial.filter] };
}

function deleteStep(engine: Engine, collection: Collection, filter: Filter): number {
  return engine.write(() => {
    const search = { filter, sort: [], skip: 0, limit: STEP, budget: UNLIMITED };
    const rows = findRows(collection, search);
    for (const { rid } of rows) {
      const document = collection.document(rid);
      if (document !== undefined) collection.remove(rid, document);
    }
    return rows.length;
  });
}

/** Deletes documents whose time is over, by the indexes with `expireAfterSeconds`, from time to time as MongoDB does. */
export class TtlMonitor {
  private readonly timer: NodeJS.Timeout;
  private isRunning = false;
  private isStopped = false;

  /** @param report told when a round fails; the next one tries again */
  constructor(
    private readonly engine: Engine,
    intervalMs: number,
    private readonly report: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.round(), intervalMs);
    this.timer.unref();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (const collection of this.engine.catalog.all()) {
        for (const index of collection.indexes) await this.expire(collection, index);
      }
    } catch (error) {
      this.report(error);
    } finally {
      this.isRunning = false;
    }
  }

  private async expire(collection: Collection, index: StoredIndex): Promise<void> {
    const seconds = index.definition.expireAfterSeconds;
    if (seconds === undefined) return;
    const filter = expiredFilter(index, seconds, Date.now());
    while (!this.isStopped && !collection.isDropped && deleteStep(this.engine, collection, filter) === STEP) {
      await new Promise(setImmediate); // lets waiting commands go first
    }
  }
}
