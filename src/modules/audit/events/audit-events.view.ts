import { categoryOf, type Position, type Positioned, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { EventCodec, type StoredEvent } from '../../../platform/event-store/index.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { type AuditEventDocument, auditEventsProjection } from './audit-events.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    stream: String,
    revision: Number,
    type: { type: String },
    at: String,
    actorId: String,
    userId: String,
    subject: Schema.Types.Mixed,
    stored: Schema.Types.Mixed,
  },
  { versionKey: false, minimize: false },
)
  .index({ company: 1, position: 1 })
  .index({ company: 1, userId: 1, position: 1 })
  .index({ company: 1, actorId: 1, position: 1 })
  .index({ company: 1, type: 1, position: 1 })
  .index({ company: 1, 'subject.id': 1, position: 1 });

/** Which events of a company; what is undefined restricts nothing. */
export interface AuditFilter {
  readonly company: string;
  readonly userId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly actorKind?: 'user' | 'system' | undefined;
  readonly type?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  /** RFC 3339, UTC; inclusive. */
  readonly since?: string | undefined;
  /** RFC 3339, UTC; exclusive. */
  readonly until?: string | undefined;
}
export interface AuditPage {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** The position behind which the page begins; null: from the end of the list that comes first. */
  readonly after: Position | null;
  /** Nothing behind this position, inclusive. */
  readonly upTo?: Position;
}

/** The company's decisions, in the order in which they were made or the other way round. */
@Injectable()
export class AuditEventsView {
  private readonly model: Model<AuditEventDocument & Positioned>;

  constructor(
    projectors: Projectors,
    private readonly codec: EventCodec,
  ) {
    this.model = projectors.add({
      projection: auditEventsProjection(codec.categories),
      schema,
      factsFor: async ({ stored }) => stored,
    });
  }

  async list(filter: AuditFilter, page: AuditPage): Promise<RecordedEvent[]> {
    const found = await this.model
      .find({ ...conditionsOf(filter), ...placeOf(page) })
      .sort({ position: page.order === 'asc' ? 1 : -1 })
      .limit(page.limit)
      .lean();
    return Promise.all(found.map(async (document) => this.open(document as unknown as Stored)));
  }

  private async open({ stored, stream, revision, position }: Stored): Promise<RecordedEvent> {
    return this.codec.decode(stored as StoredEvent, { stream, revision, position });
  }
}

type Stored = AuditEventDocument & Positioned;

/** What a stream is about: its category, and the id within the company. */
export function subjectOf(stream: string): { readonly kind: string; readonly id: string } {
  const [company = '', id = company] = streamParts(stream);
  return { kind: categoryOf(stream), id };
}

function conditionsOf(filter: AuditFilter) {
  const { company, userId, actorId, actorKind, type, subjectKind, subjectId, since, until } = filter;
  const wanted = { userId, actorId, type, 'subject.kind': subjectKind, 'subject.id': subjectId };
  const at = { ...(since ? { $gte: since } : {}), ...(until ? { $lt: until } : {}) };
  return {
    company,
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
    ...(since || until ? { at } : {}),
    // The system has no user id. A condition of its own, so that it does not take the place of the one above.
    ...(actorKind ? { $and: [{ actorId: actorKind === 'system' ? null : { $ne: null } }] } : {}),
  };
}

function placeOf({ order, after, upTo }: AuditPage) {
  const behind = after === null ? {} : { [order === 'asc' ? '$gt' : '$lt']: after };
  const position = { ...behind, ...(upTo === undefined ? {} : { $lte: upTo }) };
  return Object.keys(position).length === 0 ? {} : { position };
}
