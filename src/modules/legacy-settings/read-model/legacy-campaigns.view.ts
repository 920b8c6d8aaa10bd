import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type LegacyCampaignDocument, legacyCampaignsProjection } from './legacy-campaigns.projection.js';

const schema = new Schema(
  {
    company: String,
    kind: String,
    state: String,
    userIds: Schema.Types.Mixed,
    affected: Number,
    changed: Number,
    startedAt: String,
    startedBy: String,
    reason: String,
    completedAt: String,
  },
  { versionKey: false, minimize: false },
)
  .index({ state: 1, startedAt: 1 })
  .index({ company: 1, startedAt: -1, _id: -1 });

export type LegacyCampaign = LegacyCampaignDocument & { readonly id: string };
type CampaignPlace = Pick<LegacyCampaign, 'startedAt' | 'id'>;

/** What admins have asked for, and how far it has come. */
@Injectable()
export class LegacyCampaignsView {
  private readonly model: Model<LegacyCampaignDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: legacyCampaignsProjection, schema });
  }

  /** null: there is none, or it is another company's. */
  async find(company: string, id: string): Promise<LegacyCampaign | null> {
    const found = await this.model.findOne({ _id: id, company }).lean();
    return found ? toCampaign(found as unknown as Stored) : null;
  }

  /** Newest first; `after` is the last one that was seen. */
  async list(company: string, limit: number, after: CampaignPlace | null): Promise<LegacyCampaign[]> {
    const behind = after
      ? { $or: [{ startedAt: { $lt: after.startedAt } }, { startedAt: after.startedAt, _id: { $lt: after.id } }] }
      : {};
    const found = await this.model
      .find({ company, ...behind })
      .sort({ startedAt: -1, _id: -1 })
      .limit(limit)
      .lean();
    return found.map((document) => toCampaign(document as unknown as Stored));
  }

  /** Of all companies, those that are not completed, oldest first; `after` is the last one that was seen. */
  async running(limit: number, after: CampaignPlace | null): Promise<LegacyCampaign[]> {
    const behind = after
      ? { $or: [{ startedAt: { $gt: after.startedAt } }, { startedAt: after.startedAt, _id: { $gt: after.id } }] }
      : {};
    const found = await this.model
      .find({ state: 'running', ...behind })
      .sort({ startedAt: 1, _id: 1 })
      .limit(limit)
      .lean();
    return found.map((document) => toCampaign(document as unknown as Stored));
  }
}

type Stored = LegacyCampaignDocument & Positioned & { readonly _id: string };

const toCampaign = ({ _id: id, position: _position, ...campaign }: Stored): LegacyCampaign => ({ id, ...campaign });
