import { type CommandMetadata, type Position } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
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
import { LegacyCampaigns } from './legacy-campaigns.js';

/** A crash delays a campaign by this much. */
const LEASE_MS = 10_000;
const AT_ONCE = 64;
/** After so many pages it waits until the read models have caught up, so that they never lag far behind. */
const PAGES_BETWEEN_LOOKS = 8;
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
    private readonly campaigns: LegacyCampaigns,
    private readonly view: LegacyCampaignsView,
    private readonly settings: LegacySettingsView,
    private readonly commands: CommandBus,
    private readonly projectors: Projectors,
    private readonly leases: Leases,
  ) {}

  /** Sees to every campaign that nobody else is seeing to. */
  async workOff(signal: AbortSignal): Promise<void> {
    for (const campaign of await this.view.running(MOST_CAMPAIGNS)) {
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
    const started = await this.campaigns.metadataOf(campaign);
    const query = { company, kind, userIds, importedUpTo };
    let unseen: SettingChange[] = [];
    for (let after: string | null = null, pages = 1; ; pages++) {
      const page = await this.settings.targets(query, AT_ONCE, after);
      unseen.push(...(await Promise.all(page.map(async ({ userId }) => this.seeTo(userId, campaign, started)))));
      if (page.length === 0 || pages % PAGES_BETWEEN_LOOKS === 0) {
        await this.visible(unseen);
        unseen = [];
      }
      if (page.length === 0) break;
      after = page.at(-1)?.userId ?? null;
      const isOurs = await this.leases.renew(leaseOf(campaign), this.holder, fence, LEASE_MS);
      if (!isOurs || signal.aborted) return; // another instance, or the next start, goes on
    }
    await this.campaigns.complete(campaign, now(started));
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
}

const leaseOf = ({ id }: LegacyCampaign): string => `legacy-campaign|${id}`;
const now = (started: CommandMetadata): CommandMetadata => ({ ...started, at: new Date().toISOString() });
