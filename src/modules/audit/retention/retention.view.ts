import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type RetentionDocument, retentionProjection } from './retention.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    mailDays: Number,
    decidedAt: String,
    reason: String,
    revision: Number,
  },
  { versionKey: false },
);

/** How long each company keeps mail. */
@Injectable()
export class RetentionView {
  private readonly model: Model<RetentionDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: retentionProjection, schema });
  }

  /** null: the company never decided. */
  async find(company: string): Promise<RetentionDocument | null> {
    return await this.model.findById(company).lean();
  }

  /** Every company that lets mail go, and after how many days. */
  async limited(): Promise<readonly { readonly company: string; readonly mailDays: number }[]> {
    const found = await this.model.find({ mailDays: { $ne: null } }).lean();
    return found.flatMap(({ company, mailDays }) => (mailDays === null ? [] : [{ company, mailDays }]));
  }
}
