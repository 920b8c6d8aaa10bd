import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../../platform/read-models/index.js';
import { googleApiSettingStream } from '../google-api-setting.events.js';
import { type GoogleApiSettingDocument, googleApiSettingsProjection } from './google-api-settings.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    clientId: String,
    quotaUnitsPerMinute: Number,
    revision: Number,
  },
  { versionKey: false },
);

export interface GoogleApiSetting {
  readonly clientId: string;
  readonly quotaUnitsPerMinute: number | null;
  readonly revision: number;
}

/** The company's Google app, without its secret. */
@Injectable()
export class GoogleApiSettingsView {
  private readonly model: Model<GoogleApiSettingDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: googleApiSettingsProjection, schema });
  }

  /** null: never saved, or deleted. */
  async find(company: string): Promise<GoogleApiSetting | null> {
    const found = await this.model.findById(googleApiSettingStream(company)).lean();
    if (!found) return null;
    const { clientId, quotaUnitsPerMinute, revision } = found as unknown as GoogleApiSettingDocument;
    return clientId === null ? null : { clientId, quotaUnitsPerMinute, revision };
  }
}
