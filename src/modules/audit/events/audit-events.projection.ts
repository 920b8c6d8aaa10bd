import { categoryOf, type DomainEvent, type Projection, streamParts } from '@libs/eventsourcing';

/** An event as it is stored: personal fields stay sealed here too, so that forgetting a person reaches this copy. */
export interface SealedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: object;
}

export interface AuditEventDocument {
  readonly company: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** RFC 3339, UTC; sorts as text. */
  readonly at: string;
  /** null: the system. */
  readonly actorId: string | null;
  /** The person whom the event is about; null: it is about no person. */
  readonly userId: string | null;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly stored: SealedEvent;
}

/** Every decision, as auditors list them (R46, R49). */
export const auditEventsProjection = (
  categories: readonly string[],
): Projection<AuditEventDocument, DomainEvent, SealedEvent> => ({
  name: 'audit_events',
  version: 1,
  categories,
  project(event, stored) {
    // A stream of the company itself has no other id than the company's.
    const [company = '', id = company] = streamParts(event.stream);
    const { actor, at } = event.metadata;
    const { userId } = event.data as { readonly userId?: string };
    const set = {
      company,
      stream: event.stream,
      revision: event.revision,
      type: event.type,
      at,
      actorId: actor.kind === 'user' ? actor.userId : null,
      userId: userId ?? null,
      subject: { kind: categoryOf(event.stream), id },
      stored,
    };
    return [{ id: event.id, set }];
  },
});
