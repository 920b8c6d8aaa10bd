import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { adminConsentStream } from './admin-consent.events.js';
import { type AdminConsentDocument, adminConsentsProjection } from './admin-consents.projection.js';

const schema = new Schema(
  { company: { type: String, required: true }, grantedAt: String, tenantId: String },
  { versionKey: false, minimize: false },
);

/** Whether a company's Microsoft administrator has allowed the app. */
@Injectable()
export class AdminConsentsView {
  private readonly model: Model<AdminConsentDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: adminConsentsProjection, schema });
  }

  async find(company: string): Promise<Pick<AdminConsentDocument, 'grantedAt' | 'tenantId'>> {
    const found = await this.model.findById(adminConsentStream(company)).lean();
    return { grantedAt: found?.grantedAt ?? null, tenantId: found?.tenantId ?? null };
  }
}
