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
).index({ state: 1, startedAt: 1 });

export type LegacyCampaign = LegacyCampaignDocument & { readonly id: string };

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

  /** Of all companies, those that are not completed, oldest first. */
  async running(limit: number): Promise<LegacyCampaign[]> {
    const found = await this.model.find({ state: 'running' }).sort({ startedAt: 1 }).limit(limit).lean();
    return found.map((document) => toCampaign(document as unknown as Stored));
  }
}

type Stored = LegacyCampaignDocument & Positioned & { readonly _id: string };

const toCampaign = ({ _id: id, position: _position, ...campaign }: Stored): LegacyCampaign => ({ id, ...campaign });
