import { type CommandMetadata, type Position } from '@libs/eventsourcing';
import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { newId } from '../../../platform/ids.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { isPersonForgotten } from '../../../platform/security/index.js';
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
const CAMPAIGNS_AT_ONCE = 20;
/** In whose name it goes on when the admin who asked for it has been forgotten. */
const NAMELESS = { kind: 'system', name: 'legacy-campaign' } as const;

/**
 * Works campaigns off, person by person. It keeps no list of its own: whom a campaign has reached no longer counts
 * among those it concerns, so after a crash it goes on with the rest, in memory that does not grow with their number.
 * Each person's setting decides for itself whether it is concerned: who has registered anew in the meantime is not.
 */
@Injectable()
export class CampaignWorker {
  private readonly holder = newId();
  private readonly logger = new Logger(CampaignWorker.name);

  constructor(
    private readonly campaigns: LegacyCampaigns,
    private readonly view: LegacyCampaignsView,
    private readonly settings: LegacySettingsView,
    private readonly commands: CommandBus,
    private readonly projectors: Projectors,
    private readonly leases: Leases,
  ) {}

  /** Sees to every campaign that nobody else is seeing to. One that fails is taken up again, and holds up no other. */
  async workOff(signal: AbortSignal): Promise<void> {
    for (let after: LegacyCampaign | null = null; ;) {
      const page: readonly LegacyCampaign[] = await this.view.running(CAMPAIGNS_AT_ONCE, after);
      for (const campaign of page) {
        if (signal.aborted) return;
        await this.seeToCampaign(campaign, signal);
      }
      after = page.at(-1) ?? null;
      if (page.length < CAMPAIGNS_AT_ONCE) return;
    }
  }

  private async seeToCampaign(campaign: LegacyCampaign, signal: AbortSignal): Promise<void> {
    const lease = await this.leases.take(leaseOf(campaign), this.holder, LEASE_MS);
    if (lease === null) return;
    try {
      await this.carryOut(campaign, lease.fence, signal);
    } catch (error) {
      const { id: campaignId, company } = campaign;
      this.logger.error({ campaignId, company, err: error }, 'A campaign broke off; it is taken up again.');
    } finally {
      await this.leases.release(leaseOf(campaign), this.holder, lease.fence);
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
    await inTheName(started, async (metadata) => this.campaigns.complete(campaign, metadata));
  }

  private async seeTo(
    userId: string,
    { id: campaignId, kind }: LegacyCampaign,
    started: CommandMetadata,
  ): Promise<SettingChange> {
    const data = { userId, campaignId };
    try {
      return await inTheName(started, async (metadata) => {
        const command =
          kind === 'reminder' ? new RemindOfMigration(data, metadata) : new ForceReRegistration(data, metadata);
        return this.commands.execute(command);
      });
    } catch (error) {
      if (isPersonForgotten(error)) return { position: null }; // it is the person of the setting
      throw error;
    }
  }

  private async visible(changes: readonly SettingChange[]): Promise<void> {
    const positions = changes.flatMap(({ position }) => (position === null ? [] : [position])).sort();
    const last: Position | undefined = positions.at(-1);
    if (last !== undefined) await this.projectors.whenVisible(USER_MAIL_SETTING, last);
  }
}

const leaseOf = ({ id }: LegacyCampaign): string => `legacy-campaign|${id}`;
const now = (started: CommandMetadata): CommandMetadata => ({ ...started, at: new Date().toISOString() });

/**
 * In the name of the admin who asked for it; in nobody's when the admin has been forgotten since, and can leave no name
 * on the record any more. What was asked for, and why, stands all the same.
 */
async function inTheName<Done>(
  started: CommandMetadata,
  act: (metadata: CommandMetadata) => Promise<Done>,
): Promise<Done> {
  try {
    return await act(now(started));
  } catch (error) {
    if (!isPersonForgotten(error)) throw error;
    return act(now({ ...started, actor: NAMELESS }));
  }
}
