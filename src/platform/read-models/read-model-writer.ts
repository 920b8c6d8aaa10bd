import { type DocumentChange, type DomainEvent, type Projection } from '@libs/eventsourcing';
import { type Collection, type mongo } from 'mongoose';

import { type Delivered } from '../event-store/event-store.js';
import { type CatchUpWork, WorkIsBroken } from './catch-up.js';

type Operation = mongo.AnyBulkWriteOperation;

/** A projection, the collection it fills, and what it has to look up. */
export interface ReadModelParts<Document extends object, Event extends DomainEvent, Facts> {
  readonly projection: Projection<Document, Event, Facts>;
  readonly collection: Collection;
  /** Looks up what the event alone does not say; called outside the pure part. */
  readonly factsFor: (event: Delivered) => Promise<Facts>;
}

const MOST_WRITES_AT_ONCE = 1_000;
const DUPLICATE_KEY = 11_000;

interface PositionedChange {
  readonly position: string;
  readonly change: DocumentChange;
}

/** Applies a projection's changes, each only to a document that has not yet seen the event's position. */
export class ReadModelWriter<Document extends object, Event extends DomainEvent, Facts> implements CatchUpWork {
  constructor(private readonly parts: ReadModelParts<Document, Event, Facts>) {}

  get name(): string {
    return `${this.parts.projection.name}_v${this.parts.projection.version}`;
  }

  get categories(): readonly string[] {
    return this.parts.projection.categories;
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    let pending: PositionedChange[] = [];
    for (const event of events) {
      pending.push(...this.project(event, await this.parts.factsFor(event)));
      if (pending.length < MOST_WRITES_AT_ONCE) continue;
      await this.write(pending);
      pending = [];
    }
    await this.write(pending);
  }

  private project(event: Delivered, facts: Facts): PositionedChange[] {
    const changes = this.attempt(event, () => this.parts.projection.project(event as never, facts));
    if (new Set(changes.map(({ id }) => id)).size < changes.length) {
      throw new WorkIsBroken(`${this.name} changes a document twice for event ${event.position}.`);
    }
    return changes.map((change) => ({ position: event.position, change }));
  }

  private attempt<Result>(event: Delivered, project: () => Result): Result {
    try {
      return project();
    } catch (error) {
      throw new WorkIsBroken(`${this.name} cannot project ${event.type} at ${event.position}.`, { cause: error });
    }
  }

  /** Changes to different documents go together; changes to the same document stay in order. */
  private async write(changes: readonly PositionedChange[]): Promise<void> {
    let round = new Map<string, PositionedChange>();
    for (const positioned of changes) {
      if (round.has(positioned.change.id)) {
        await this.writeRound([...round.values()]);
        round = new Map();
      }
      round.set(positioned.change.id, positioned);
    }
    await this.writeRound([...round.values()]);
  }

  private async writeRound(changes: readonly PositionedChange[]): Promise<void> {
    if (changes.length === 0) return;
    try {
      await this.parts.collection.bulkWrite(changes.map(toGuardedUpdate), { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
      const undone = await this.undoneOf(changes);
      if (undone.length === changes.length) throw error;
      await this.writeRound(undone);
    }
  }

  /**
   * The changes that their documents have not seen. A document that has seen one makes its write fail, because its
   * _id is met again; servers differ in what they tell of that, and in whether they go on with the writes behind it
   * (FerretDB does not), so the documents themselves are asked.
   */
  private async undoneOf(changes: readonly PositionedChange[]): Promise<PositionedChange[]> {
    const filter = { _id: { $in: changes.map(({ change }) => change.id) } } as object;
    const documents = await this.parts.collection.find(filter, { projection: { position: 1 } }).toArray();
    const seen = new Map(documents.map(({ _id, position }) => [String(_id), String(position)]));
    return changes.filter(({ change, position }) => (seen.get(change.id) ?? '') < position);
  }
}

/** The guard makes the filter miss a document that has seen the position; the upsert then meets its own _id. */
function toGuardedUpdate({ position, change }: PositionedChange): Operation {
  const { id, set, setOnInsert, inc } = change;
  const filter = { _id: id, position: { $lt: position } };
  if (change.remove) return { replaceOne: { filter, replacement: { position }, upsert: true } } as unknown as Operation;
  const update = {
    $set: { ...set, position },
    ...(setOnInsert ? { $setOnInsert: setOnInsert } : {}),
    ...(inc ? { $inc: inc } : {}),
  };
  return { updateOne: { filter, update, upsert: true } } as unknown as Operation;
}

function onlyDuplicates(error: unknown): boolean {
  const { writeErrors } = error as { writeErrors?: unknown };
  const failures = Array.isArray(writeErrors) ? (writeErrors as { readonly code?: number }[]) : [];
  return failures.length > 0 && failures.every(({ code }) => code === DUPLICATE_KEY);
}
