import { type Decider } from '@libs/eventsourcing';
import { type LegacyCampaignCommand } from './legacy-campaign.commands.js';
import { type LegacyCampaignEvent } from './legacy-campaign.events.js';

export type LegacyCampaignState = { readonly status: 'none' | 'running' | 'completed' };

/** A campaign starts once and ends once; what it does to each person is decided on that person's setting. */
export const legacyCampaignDecider: Decider<LegacyCampaignState, LegacyCampaignCommand, LegacyCampaignEvent> = {
  initialState: { status: 'none' },
  evolve(_state, event) {
    switch (event.type) {
      case 'LegacyCampaignStarted':
        return { status: 'running' };
      case 'LegacyCampaignCompleted':
        return { status: 'completed' };
    }
  },
  decide(command, { status }) {
    switch (command.type) {
      case 'StartLegacyCampaign':
        return status === 'none' ? [{ type: 'LegacyCampaignStarted', data: command.data }] : [];
      case 'CompleteLegacyCampaign':
        return status === 'running' ? [{ type: 'LegacyCampaignCompleted', data: command.data }] : [];
    }
  },
};
