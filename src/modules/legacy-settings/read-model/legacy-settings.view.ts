import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type CampaignKind } from '../campaign/legacy-campaign.events.js';
import {
  type LegacySettingDocument,
  legacySettingsProjection,
  type LegacyStage,
} from './legacy-settings.projection.js';
import { missing, type MissingStep } from './missing-steps.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    userId: { type: String, required: true },
    stage: String,
    service: String,
    recognisedBy: String,
    address: String,
    registeredAt: String,
    importedAt: String,
    connected: Boolean,
    takenOver: Boolean,
    forcedAt: String,
    forcedReason: String,
    expiredAt: String,
    remindedAt: String,
    reminders: Number,
    migratedAt: String,
    received: Number,
    receivedAt: String,
    sentAt: String,
  },
  { versionKey: false },
)
  .index({ company: 1, stage: 1, userId: 1 })
  .index({ company: 1, userId: 1 })
  .index({ stage: 1, _id: 1 });

export type LegacySetting = LegacySettingDocument;
/** The stages of those whom the migration concerns, or did. */
export const MIGRATION_STAGES = ['legacy', 're_registration_required', 'migrated', 'released'] as const;

/** Which of them are asked for. */
export interface SettingFilter {
  readonly stages: readonly LegacyStage[];
  readonly service?: LegacySetting['service'] | undefined;
  readonly missing?: MissingStep | undefined;
  /** How the user id begins. */
  readonly userId?: string | undefined;
}
/** Behind whatever else may follow. */
const LAST_CHARACTER = '\uFFFF';

export interface MigrationCounts {
  readonly legacy: number;
  readonly reRegistrationRequired: number;
  readonly migrated: number;
  /** Of the migrated: mail was received and sent since. */
  readonly completed: number;
  readonly released: number;
  readonly imported: number;
}

/** Whom a campaign concerns: of the named, or of all who were there by a moment. */
export interface TargetQuery {
  readonly company: string;
  readonly kind: CampaignKind;
  readonly userIds: readonly string[] | null;
  /** Only people imported up to this instant, so that a campaign never grows while it is worked off. */
  readonly importedUpTo: string;
}

/**
 * What never happened to a person: not every server of the protocol keeps a null on insert, and mail may have made the
 * document before the import.
 */
const NEVER = {
  reminders: 0,
  forcedAt: null,
  forcedReason: null,
  expiredAt: null,
  remindedAt: null,
  migratedAt: null,
  receivedAt: null,
  sentAt: null,
} as const;

/** The old settings of a company, and what has become of them. */
@Injectable()
export class LegacySettingsView {
  private readonly model: Model<LegacySettingDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: legacySettingsProjection, schema });
  }

  /** By user id; `after` is the last one that was seen. */
  async list(company: string, filter: SettingFilter, limit: number, after: string | null): Promise<LegacySetting[]> {
    const { stages, service, missing: step, userId } = filter;
    const asked: object = {
      $and: [
        { stage: { $in: [...stages] } },
        ...(service === undefined ? [] : [{ service }]),
        ...(step === undefined ? [] : [missing(step)]),
        ...(userId === undefined ? [] : [{ userId: { $gte: userId, $lt: `${userId}${LAST_CHARACTER}` } }]),
        ...(after === null ? [] : [{ userId: { $gt: after } }]),
      ],
    };
    const found = await this.model
      .find({ company, ...asked })
      .sort({ userId: 1 })
      .limit(limit)
      .lean();
    return found.map((setting) => ({ ...NEVER, ...setting }));
  }

  async counts(company: string): Promise<MigrationCounts> {
    const count = async (more: object): Promise<number> => this.model.countDocuments({ company, ...more });
    const [legacy, reRegistrationRequired, migrated, completed, released, imported] = await Promise.all([
      count({ stage: 'legacy' }),
      count({ stage: 're_registration_required' }),
      count({ stage: 'migrated' }),
      count({ stage: 'migrated', received: { $gt: 0 }, sentAt: { $ne: null } }),
      count({ stage: 'released' }),
      count({ stage: 'imported', takenOver: true }),
    ]);
    return { legacy, reRegistrationRequired, migrated, completed, released, imported };
  }

  /** The people a campaign concerns now, by user id, a page at a time. */
  async targets(
    query: TargetQuery,
    limit: number,
    after: string | null,
  ): Promise<Pick<LegacySetting, 'userId' | 'stage'>[]> {
    const { company, kind, userIds, importedUpTo } = query;
    const userId = {
      ...(userIds === null ? {} : { $in: [...userIds] }),
      ...(after === null ? {} : { $gt: after }),
    };
    const found = await this.model
      .find(
        {
          company,
          ...(Object.keys(userId).length > 0 && { userId }),
          ...concerning(kind, userIds !== null),
          importedAt: { $lte: importedUpTo },
        },
        { userId: 1, stage: 1 },
      )
      .sort({ userId: 1 })
      .limit(limit)
      .lean();
    return found.map(({ userId: id, stage }) => ({ userId: String(id), stage: stage }));
  }

  /** Of all companies: legacy settings that nobody has begun to replace. `after` is the last key that was seen. */
  async untouched(
    limit: number,
    after: string | null,
  ): Promise<{ readonly key: string; readonly company: string; readonly userId: string }[]> {
    const behind = after === null ? {} : { _id: { $gt: after } };
    const found = await this.model
      .find({ stage: 'legacy', connected: false, ...behind }, { company: 1, userId: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean();
    return found.map(({ _id, company, userId }) => ({
      key: String(_id),
      company: String(company),
      userId: String(userId),
    }));
  }
}

const LEGACY: LegacyStage = 'legacy';
const WAITING: LegacyStage[] = ['legacy', 're_registration_required'];

/** All: the settings that cannot go on. By name also an account that was taken over with its password (R13). */
function concerning(kind: CampaignKind, isByName: boolean) {
  if (kind === 'reminder') return { stage: { $in: WAITING }, connected: false };
  const legacy = { stage: LEGACY, connected: false };
  return isByName ? { $or: [legacy, { takenOver: true }] } : legacy;
}
