import { type DomainEvent, type Projection, type RecordedEvent } from '@libs/eventsourcing';
import { legacyMetadata } from './legacy-commands.js';

/** The one document that these events are about, as it is after one more of them; `{}`: it is not there yet. */
export function projected<Document extends object, Event extends DomainEvent<string, object>>(
  projection: Projection<Document, Event>,
  document: Partial<Document>,
  event: Event,
): Partial<Document> {
  const recorded = { stream: 'x-sample:taro', revision: 0, metadata: legacyMetadata, ...event };
  const isNew = Object.keys(document).length === 0;
  const changes = projection.project(recorded as unknown as RecordedEvent<Event>);
  return changes.reduce<Partial<Document>>((before, { set, setOnInsert, inc }) => {
    const counted = Object.entries(inc ?? {}).map(([field, by]) => {
      return [field, Number(before[field as keyof Document] ?? 0) + Number(by)] as const;
    });
    return { ...before, ...(isNew ? setOnInsert : {}), ...set, ...Object.fromEntries(counted) };
  }, document);
}
