import { type Projection } from '@libs/eventsourcing';
import { USER_MAIL_SETTING, type UserMailSettingEvent } from '../../user-mail-setting/index.js';
import { type CampaignKind, LEGACY_CAMPAIGN, type LegacyCampaignEvent } from '../campaign/legacy-campaign.events.js';

/** One document a campaign; its id is the campaign's. */
export interface LegacyCampaignDocument {
  readonly company: string;
  readonly kind: CampaignKind;
  readonly state: 'running' | 'completed';
  readonly userIds: readonly string[] | null;
  readonly affected: number;
  /** How many settings it has changed so far. */
  readonly changed: number;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly reason: string | null;
  readonly completedAt: string | null;
}

export const legacyCampaignsProjection: Projection<LegacyCampaignDocument, LegacyCampaignEvent | UserMailSettingEvent> =
  {
    name: 'legacy_campaigns',
    version: 1,
    categories: [LEGACY_CAMPAIGN, USER_MAIL_SETTING],
    project(event) {
      const { company, at, actor, reason = null } = event.metadata;
      switch (event.type) {
        case 'LegacyCampaignStarted': {
          const { campaignId, kind, userIds, affected } = event.data;
          const startedBy = actor.kind === 'user' ? actor.userId : actor.name;
          const started = { company, kind, userIds, affected, changed: 0, startedAt: at, startedBy, reason };
          return [{ id: campaignId, set: { ...started, state: 'running', completedAt: null } }];
        }
        case 'ReRegistrationForced':
        case 'MigrationReminded':
          return [{ id: event.data.campaignId, inc: { changed: 1 } }];
        case 'LegacyCampaignCompleted':
          return [{ id: event.data.campaignId, set: { state: 'completed', completedAt: at } }];
        default:
          return [];
      }
    },
  };
