import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';
import { type LegacyCampaignCompleted, type LegacyCampaignStarted } from './legacy-campaign.events.js';

export class StartLegacyCampaign implements DomainCommand<'StartLegacyCampaign', LegacyCampaignStarted['data']> {
  readonly type = 'StartLegacyCampaign';
  constructor(
    readonly data: LegacyCampaignStarted['data'],
    readonly metadata: CommandMetadata,
  ) {}
}

export class CompleteLegacyCampaign implements DomainCommand<
  'CompleteLegacyCampaign',
  LegacyCampaignCompleted['data']
> {
  readonly type = 'CompleteLegacyCampaign';
  constructor(
    readonly data: LegacyCampaignCompleted['data'],
    readonly metadata: CommandMetadata,
  ) {}
}

export type LegacyCampaignCommand = StartLegacyCampaign | CompleteLegacyCampaign;
