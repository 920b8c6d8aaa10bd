import { type Positioned, type RecordedEvent } from '@libs/eventsourcing';
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
  .index({ company: 1, type: 1, position: 1 });

export interface AuditQuery {
  readonly company: string;
  readonly userId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly type?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly limit: number;
  /** The position behind which the page begins; null: from the first event. */
  readonly after: string | null;
}

export type AuditEvent = RecordedEvent & { readonly subject: AuditEventDocument['subject'] };

/** The company's decisions in the order in which they were made. */
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

  async list(query: AuditQuery): Promise<AuditEvent[]> {
    const found = await this.model.find(filterOf(query)).sort({ position: 1 }).limit(query.limit).lean();
    return Promise.all(found.map(async (document) => this.open(document as unknown as Stored)));
  }

  private async open({ stored, stream, revision, position, subject }: Stored): Promise<AuditEvent> {
    const event = await this.codec.decode(stored as StoredEvent, { stream, revision, position });
    return { ...event, subject };
  }
}

type Stored = AuditEventDocument & Positioned;

function filterOf({ company, userId, actorId, type, since, until, after }: AuditQuery) {
  const at = { ...(since ? { $gte: since } : {}), ...(until ? { $lt: until } : {}) };
  return {
    company,
    ...(userId === undefined ? {} : { userId }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(type === undefined ? {} : { type }),
    ...(since || until ? { at } : {}),
    ...(after === null ? {} : { position: { $gt: after } }),
  };
}
