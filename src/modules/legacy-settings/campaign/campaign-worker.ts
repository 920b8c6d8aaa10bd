import { type CommandMetadata, type Position } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DeciderRunner, EventStore } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { Leases } from '../../../platform/scheduling/index.js';
import {
  ForceReRegistration,
  RemindOfMigration,
  type SettingChange,
  USER_MAIL_SETTING,
} from '../../user-mail-setting/index.js';
import { type LegacyCampaign, LegacyCampaignsView } from '../read-model/legacy-campaigns.view.js';
import { LegacySettingsView } from '../read-model/legacy-settings.view.js';
import { CompleteLegacyCampaign } from './legacy-campaign.commands.js';
import { legacyCampaignDecider } from './legacy-campaign.decider.js';
import { type LegacyCampaignEvent, legacyCampaignStream } from './legacy-campaign.events.js';

/** A crash delays a campaign by this much. */
const LEASE_MS = 10_000;
const AT_ONCE = 16;
const MOST_CAMPAIGNS = 20;

/**
 * Works campaigns off, person by person. It keeps no list of its own: whom a campaign has reached no longer counts
 * among those it concerns, so after a crash it goes on with the rest, in memory that does not grow with their number.
 * Each person's setting decides for itself whether it is concerned: who has registered anew in the meantime is not.
 */
@Injectable()
export class CampaignWorker {
  private readonly holder = newId();

  constructor(
    private readonly campaigns: LegacyCampaignsView,
    private readonly settings: LegacySettingsView,
    private readonly commands: CommandBus,
    private readonly store: EventStore,
    private readonly runner: DeciderRunner,
    private readonly projectors: Projectors,
    private readonly leases: Leases,
  ) {}

  /** Sees to every campaign that nobody else is seeing to. */
  async workOff(signal: AbortSignal): Promise<void> {
    for (const campaign of await this.campaigns.running(MOST_CAMPAIGNS)) {
      const lease = await this.leases.take(leaseOf(campaign), this.holder, LEASE_MS);
      if (lease === null) continue;
      try {
        await this.carryOut(campaign, lease.fence, signal);
      } finally {
        await this.leases.release(leaseOf(campaign), this.holder, lease.fence);
      }
    }
  }

  private async carryOut(campaign: LegacyCampaign, fence: number, signal: AbortSignal): Promise<void> {
    const { company, kind, userIds, startedAt: importedUpTo } = campaign;
    const started = await this.metadataOf(campaign);
    const query = { company, kind, userIds, importedUpTo };
    for (let after: string | null = null; ;) {
      const page = await this.settings.targets(query, AT_ONCE, after);
      if (page.length === 0) break;
      const changes = await Promise.all(page.map(async ({ userId }) => this.seeTo(userId, campaign, started)));
      await this.visible(changes);
      after = page.at(-1)?.userId ?? null;
      const isOurs = await this.leases.renew(leaseOf(campaign), this.holder, fence, LEASE_MS);
      if (!isOurs || signal.aborted) return; // another instance, or the next start, goes on
    }
    const complete = new CompleteLegacyCampaign({ campaignId: campaign.id }, now(started));
    await this.runner.run(legacyCampaignDecider, legacyCampaignStream(company, campaign.id), complete);
  }

  private async seeTo(
    userId: string,
    { id: campaignId, kind }: LegacyCampaign,
    started: CommandMetadata,
  ): Promise<SettingChange> {
    const data = { userId, campaignId };
    const metadata = now(started);
    const command =
      kind === 'reminder' ? new RemindOfMigration(data, metadata) : new ForceReRegistration(data, metadata);
    return this.commands.execute(command);
  }

  private async visible(changes: readonly SettingChange[]): Promise<void> {
    const positions = changes.flatMap(({ position }) => (position === null ? [] : [position])).sort();
    const last: Position | undefined = positions.at(-1);
    if (last !== undefined) await this.projectors.whenVisible(USER_MAIL_SETTING, last);
  }

  /** What is done to each person is done by the admin who asked for it, for the reason then given. */
  private async metadataOf({ company, id }: LegacyCampaign): Promise<CommandMetadata> {
    const [started] = (await this.store.read<LegacyCampaignEvent>(legacyCampaignStream(company, id))).events;
    if (started === undefined) throw new Error(`The campaign ${id} is in the read model and not on the record.`);
    const { hash: _hash, previousHash: _previousHash, ...metadata } = started.metadata;
    return { ...metadata, causationId: started.id };
  }
}

const leaseOf = ({ id }: LegacyCampaign): string => `legacy-campaign|${id}`;
const now = (started: CommandMetadata): CommandMetadata => ({ ...started, at: new Date().toISOString() });
