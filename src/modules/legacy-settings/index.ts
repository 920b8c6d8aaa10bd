export { CampaignWorker } from './campaign/campaign-worker.js';
export { LEGACY_CAMPAIGN, type LegacyCampaignEvent, legacyCampaignEvents } from './campaign/legacy-campaign.events.js';
export { CAMPAIGN_JOB } from './campaign/legacy-campaigns.js';
export { Enforcement } from './enforcement.js';
export { legacySettingsErrors } from './legacy-settings.errors.js';
export { LegacySettingsModule } from './legacy-settings.module.js';
