import { z } from 'zod';
import { type Language, ListQuery, pageOf } from '../../platform/http/index.js';
import { type ImportResult, type RefusedLine } from './import/legacy-import.js';
import { type LegacyCampaign } from './read-model/legacy-campaigns.view.js';
import { type LegacySetting, MIGRATION_STAGES, type SettingFilter } from './read-model/legacy-settings.view.js';
import { MISSING_STEPS, missingStepsOf } from './read-model/missing-steps.js';

const instant = z.iso.datetime({ offset: true });
const stage = z.enum([...MIGRATION_STAGES, 'imported']);
/** As many as one event can name; `all` has no limit. */
const MOST_NAMED = 5_000;
const count = z.number();

/** `POST /admin/legacy-settings`. */
export const LegacyImportResponse = z
  .object({
    accepted: count,
    unchanged: count,
    rejected: z.array(z.object({ line: z.number(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'LegacyImport' });
export type LegacyImportResponse = z.infer<typeof LegacyImportResponse>;

const service = z.enum(['office365', 'gmail', 'other']);
const missingStep = z.enum(MISSING_STEPS);
const filters = {
  state: stage.optional(),
  service: service.optional(),
  missing: missingStep.optional(),
  userId: z.string().min(1).max(100).optional().meta({ description: 'How the user id begins' }),
};

/** `GET /admin/legacy-settings`; without `state` everybody but the settings of other servers. */
export const LegacySettingsQuery = ListQuery.extend(filters);
export type LegacySettingsQuery = z.output<typeof LegacySettingsQuery>;
export const LegacyExportQuery = z.strictObject(filters);
export type LegacyExportQuery = z.output<typeof LegacyExportQuery>;
export function toFilter({ state, service: of, missing, userId }: LegacyExportQuery): SettingFilter {
  return { stages: state === undefined ? MIGRATION_STAGES : [state], service: of, missing, userId };
}
export const LegacyPlace = z.object({ userId: z.string() });

const LegacySettingItem = z.object({
  userId: z.string(),
  address: z.string().nullable(),
  service,
  recognisedBy: z.enum(['host', 'alias', 'mx']).nullable(),
  state: stage,
  registeredAt: instant,
  importedAt: instant,
  missing: z.array(missingStep),
  forced: z.object({ at: instant, reason: z.string().nullable() }).nullable(),
  expiredAt: instant.nullable(),
  reminded: z.object({ at: instant, times: z.number() }).nullable(),
  migratedAt: instant.nullable(),
  lastReceivedAt: instant.nullable(),
  lastSentAt: instant.nullable(),
});
type LegacySettingItem = z.infer<typeof LegacySettingItem>;
export const LegacySettingList = z
  .object({
    summary: z.object({
      legacy: count,
      reRegistrationRequired: count,
      migrated: count,
      completed: count,
      released: count,
      imported: count,
    }),
    deadline: z.object({
      cutOff: z.string().meta({ description: 'Settings registered on this day (Japan time) or before are legacy' }),
      enforcedFrom: z.string().nullable(),
      daysLeft: z.number().nullable().meta({ description: 'Until enforcedFrom, in Japan; 0 from that day on' }),
      stage: z.enum(['notice', 'banner', 'enforced']),
    }),
    items: z.array(LegacySettingItem),
    next: z.string().nullable(),
  })
  .meta({ id: 'LegacySettings' });
export type LegacySettingList = z.infer<typeof LegacySettingList>;

const userIds = z.array(z.string().min(1).max(100)).min(1).max(MOST_NAMED);
const scopes = {
  userIds: userIds.optional(),
  all: z.literal(true).optional(),
};
const exactlyOne = ({ userIds: named, all }: { userIds?: string[] | undefined; all?: true | undefined }): boolean =>
  (named === undefined) !== (all === undefined);

/** `POST /admin/legacy-settings/force-re-registration`: `userIds` or `all`, and why. */
export const ForceInput = z
  .strictObject({ ...scopes, reason: z.string().trim().min(1).max(500), dryRun: z.boolean().optional() })
  .refine(exactlyOne, { path: ['userIds'] })
  .meta({ id: 'ForceReRegistration' });
export type ForceInput = z.infer<typeof ForceInput>;

/** `POST /admin/legacy-settings/reminders`. */
export const ReminderInput = z
  .strictObject({ ...scopes, dryRun: z.boolean().optional() })
  .refine(exactlyOne, { path: ['userIds'] })
  .meta({ id: 'MigrationReminder' });
export type ReminderInput = z.infer<typeof ReminderInput>;

export const CampaignResponse = z
  .object({
    id: z.string(),
    kind: z.enum(['re_registration', 'reminder']),
    state: z.enum(['running', 'completed']),
    affected: count,
    changed: count.meta({ description: 'Settings seen to so far' }),
    startedAt: instant,
    startedBy: z.string(),
    reason: z.string().nullable(),
    completedAt: instant.nullable(),
  })
  .meta({ id: 'LegacyCampaign' });
export type CampaignResponse = z.infer<typeof CampaignResponse>;
/** `GET /admin/legacy-settings/campaigns`, newest first. */
export const CampaignPlace = z.object({ startedAt: z.string(), id: z.string() });
export const CampaignList = pageOf(CampaignResponse).meta({ id: 'LegacyCampaigns' });
export type CampaignList = z.infer<typeof CampaignList>;
export const CampaignAnswer = z
  .object({
    affected: count,
    users: z.array(z.object({ userId: z.string(), from: z.string(), to: z.string() })),
    campaign: CampaignResponse.nullable(),
  })
  .meta({ id: 'LegacyCampaignAnswer' });
export type CampaignAnswer = z.infer<typeof CampaignAnswer>;

export function toImportResponse({ accepted, unchanged, rejected }: ImportResult, language: Language) {
  const told = ({ line, code, definition, params }: RefusedLine) => {
    return { line, code, detail: definition.detail(params)[language] };
  };
  return { accepted, unchanged, rejected: rejected.map(told) };
}

export function toItem(setting: LegacySetting): LegacySettingItem {
  const { userId, address, service, recognisedBy, stage: state, registeredAt, importedAt } = setting;
  const { forcedAt, forcedReason, expiredAt, remindedAt, reminders, migratedAt, receivedAt, sentAt } = setting;
  return {
    ...{ userId, address, service, recognisedBy, state, registeredAt, importedAt },
    missing: missingStepsOf(setting),
    forced: forcedAt === null ? null : { at: forcedAt, reason: forcedReason },
    expiredAt,
    reminded: remindedAt === null ? null : { at: remindedAt, times: reminders },
    migratedAt,
    lastReceivedAt: receivedAt,
    lastSentAt: sentAt,
  };
}

export function toCampaign({ company: _company, userIds: _userIds, ...campaign }: LegacyCampaign): CampaignResponse {
  return campaign;
}
