import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeciderRunner, EventStore } from '../../../platform/event-store/index.js';
import { Scheduler } from '../../../platform/scheduling/index.js';
import { reject } from '../legacy-settings.errors.js';
import { type LegacyCampaign, LegacyCampaignsView } from '../read-model/legacy-campaigns.view.js';
import { type LegacySetting, LegacySettingsView } from '../read-model/legacy-settings.view.js';
import { CompleteLegacyCampaign, StartLegacyCampaign } from './legacy-campaign.commands.js';
import { legacyCampaignDecider } from './legacy-campaign.decider.js';
import { type CampaignKind, type LegacyCampaignEvent, legacyCampaignStream } from './legacy-campaign.events.js';

/** The job that works campaigns off (schedule.ts). */
export const CAMPAIGN_JOB = 'work-off-legacy-campaigns';

export interface CampaignRequest {
  readonly kind: CampaignKind;
  /** null: everybody whom it concerns. */
  readonly userIds: readonly string[] | null;
}
type Place = Pick<LegacyCampaign, 'startedAt' | 'id'>;
export type Target = Pick<LegacySetting, 'userId' | 'stage'>;

/** Up to so many people an answer waits until they have been seen to, so that the next request sees the effect. */
const WAITED_FOR = 1_000;
const PATIENCE_MS = 10_000;
const LOOK_MS = 25;
const PAGE = 1_000;

/** What an admin asks for many people at once (R13): who it concerns, and its start. */
@Injectable()
export class LegacyCampaigns {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly store: EventStore,
    private readonly settings: LegacySettingsView,
    private readonly campaigns: LegacyCampaignsView,
    private readonly scheduler: Scheduler,
  ) {}

  /** Exactly whom it would concern now, by user id, a page at a time. */
  async *targetPages(company: string, { kind, userIds }: CampaignRequest, now: string): AsyncGenerator<Target[]> {
    const query = { company, kind, userIds, importedUpTo: now };
    for (let after: string | null = null; ;) {
      const page: Target[] = await this.settings.targets(query, PAGE, after);
      yield page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.userId ?? null;
    }
  }

  /** All of them. */
  async targets(company: string, request: CampaignRequest, now: string): Promise<Target[]> {
    const targets: Target[] = [];
    for await (const page of this.targetPages(company, request, now)) targets.push(...page);
    return targets;
  }

  /**
   * Puts it on the record and has it worked off. With few people the answer comes when they have been seen to; with
   * many at once, and the campaign says how far it is.
   */
  async start(
    campaignId: string,
    request: CampaignRequest,
    affected: number,
    metadata: CommandMetadata,
  ): Promise<LegacyCampaign> {
    const { company } = metadata;
    const command = new StartLegacyCampaign({ campaignId, ...request, affected }, metadata);
    await this.runner.run(legacyCampaignDecider, legacyCampaignStream(company, campaignId), command);
    this.scheduler.wake(CAMPAIGN_JOB);
    const deadline = Date.now() + (affected <= WAITED_FOR ? PATIENCE_MS : 0);
    for (;;) {
      const campaign = await this.find(company, campaignId);
      if (campaign.state === 'completed' || Date.now() >= deadline) return campaign;
      await sleep(LOOK_MS);
    }
  }

  /** Everybody was seen to. */
  async complete({ company, id: campaignId }: LegacyCampaign, metadata: CommandMetadata): Promise<void> {
    const command = new CompleteLegacyCampaign({ campaignId }, metadata);
    await this.runner.run(legacyCampaignDecider, legacyCampaignStream(company, campaignId), command);
  }

  /** What is done to each person is done by the admin who asked for it, for the reason then given. */
  async metadataOf({ company, id }: LegacyCampaign): Promise<CommandMetadata> {
    const [started] = (await this.store.read<LegacyCampaignEvent>(legacyCampaignStream(company, id))).events;
    if (started === undefined) throw new Error(`The campaign ${id} is in the read model and not on the record.`);
    const { hash: _hash, previousHash: _previousHash, ...metadata } = started.metadata;
    return { ...metadata, causationId: started.id };
  }

  /** Newest first; `after` is the last one that was seen. */
  async list(company: string, limit: number, after: Place | null): Promise<LegacyCampaign[]> {
    return this.campaigns.list(company, limit, after);
  }

  async find(company: string, campaignId: string): Promise<LegacyCampaign> {
    const campaign = await this.campaigns.find(company, campaignId);
    if (campaign === null) throw reject('legacy_campaign_not_found');
    return campaign;
  }
}
