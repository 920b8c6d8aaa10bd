import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type OutboxAttemptDocument, outboxAttemptsProjection } from './outbox-attempts.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    mailId: { type: String, required: true },
    at: String,
    outcome: String,
    code: String,
    status: String,
    refused: Schema.Types.Mixed,
    retryAt: String,
  },
  { versionKey: false, minimize: false },
).index({ mailId: 1, at: 1, _id: 1 });

export type OutboxAttempt = OutboxAttemptDocument;

/** What was tried, and what came of it. */
@Injectable()
export class OutboxAttemptsView {
  private readonly model: Model<OutboxAttemptDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: outboxAttemptsProjection, schema });
  }

  /** By mail id, each in the order in which it happened. */
  async of(company: string, mailIds: readonly string[]): Promise<ReadonlyMap<string, readonly OutboxAttempt[]>> {
    const found = await this.model
      .find({ mailId: { $in: [...mailIds] }, company })
      .sort({ mailId: 1, at: 1, _id: 1 })
      .lean();
    return Map.groupBy(found, ({ mailId }) => mailId);
  }
}
