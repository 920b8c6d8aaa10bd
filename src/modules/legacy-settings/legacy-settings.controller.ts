import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Response } from 'express';
import { Readable } from 'node:stream';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import { decodeCursor, encodeCursor, IdempotencySeed, ListQuery, toPage } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { type Caller, CurrentCaller, Metadata, Roles } from '../../platform/security/index.js';
import { type CampaignRequest, LegacyCampaigns, type Target } from './campaign/legacy-campaigns.js';
import { type ExpectedChange, trialAnswer } from './campaign/trial-answer.js';
import { daysUntil, migrationStage } from './cut-off.policy.js';
import { LegacyExport } from './legacy-export.js';
import {
  CampaignAnswer,
  CampaignList,
  CampaignPlace,
  CampaignResponse,
  ForceInput,
  LegacyExportQuery,
  LegacyPlace,
  LegacySettingList,
  LegacySettingsQuery,
  ReminderInput,
  toCampaign,
  toFilter,
  toItem,
} from './legacy-settings.dto.js';
import { LegacySettingsView } from './read-model/legacy-settings.view.js';

/** The company's way off basic auth: who still has an old setting, and what an admin can do about it (R13). */
@ApiTags('旧設定の切り替え')
@Controller('admin/legacy-settings')
@Roles('admin')
export class LegacySettingsController {
  constructor(
    private readonly settings: LegacySettingsView,
    private readonly campaigns: LegacyCampaigns,
    private readonly exports: LegacyExport,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: '旧設定の切り替え状況 / who has to switch, and how far it is' })
  @ApiOkResponse({ standardSchema: LegacySettingList })
  async list(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: LegacySettingsQuery }) { limit, after, ...filters }: LegacySettingsQuery,
  ): Promise<LegacySettingList> {
    const place = decodeCursor(after, LegacyPlace);
    const [summary, found] = await Promise.all([
      this.settings.counts(company),
      this.settings.list(company, toFilter(filters), limit + 1, place?.userId ?? null),
    ]);
    const page = toPage(found, limit, ({ userId }) => encodeCursor({ userId }));
    return { summary, deadline: this.deadline(), items: page.items.map(toItem), next: page.next };
  }

  @Get('export')
  @ApiOperation({ summary: '切り替え状況の書き出し / the same as CSV for spreadsheets' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  export(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: LegacyExportQuery }) filters: LegacyExportQuery,
    @Res({ passthrough: true }) response: Response,
  ): StreamableFile {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    const lines = this.exports.lines(company, toFilter(filters));
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="legacy-settings.csv"',
    });
  }

  @Post('force-re-registration')
  @ApiOperation({ summary: '再登録の要求 / make people register anew: one, many or all' })
  @ApiOkResponse({ standardSchema: CampaignAnswer })
  @ApiAcceptedResponse({ standardSchema: CampaignAnswer, description: 'Many people: see `campaign` for the progress' })
  async force(
    @Body({ schema: ForceInput }) { userIds, reason, dryRun }: ForceInput,
    @Metadata() metadata: CommandMetadata,
    @IdempotencySeed() seed: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CampaignAnswer | StreamableFile> {
    const request = { kind: 're_registration', userIds: userIds ?? null } as const;
    response.status(HttpStatus.OK);
    if (dryRun === true) return this.trial(request, metadata);
    return this.run(request, newId(seed), { ...metadata, reason }, response);
  }

  @Post('reminders')
  @ApiOperation({ summary: '切り替えのリマインド / remind people; HRBC shows it, nothing is sent (R40)' })
  @ApiOkResponse({ standardSchema: CampaignAnswer })
  @ApiAcceptedResponse({ standardSchema: CampaignAnswer, description: 'Many people: see `campaign` for the progress' })
  async remind(
    @Body({ schema: ReminderInput }) { userIds, dryRun }: ReminderInput,
    @Metadata() metadata: CommandMetadata,
    @IdempotencySeed() seed: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CampaignAnswer | StreamableFile> {
    const request = { kind: 'reminder', userIds: userIds ?? null } as const;
    response.status(HttpStatus.OK);
    if (dryRun === true) return this.trial(request, metadata);
    return this.run(request, newId(seed), metadata, response);
  }

  @Get('campaigns')
  @ApiOperation({ summary: '要求の一覧 / every forced re-registration and reminder, newest first' })
  @ApiOkResponse({ standardSchema: CampaignList })
  async campaignList(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: ListQuery }) { limit, after }: ListQuery,
  ): Promise<CampaignList> {
    const found = await this.campaigns.list(company, limit + 1, decodeCursor(after, CampaignPlace));
    const page = toPage(found, limit, ({ startedAt, id }) => encodeCursor({ startedAt, id }));
    return { items: page.items.map(toCampaign), next: page.next };
  }

  @Get('campaigns/:id')
  @ApiOperation({ summary: '要求の進み具合 / how far a forced re-registration or a reminder is' })
  @ApiOkResponse({ standardSchema: CampaignResponse })
  async campaign(@CurrentCaller() { company }: Caller, @Param('id') id: string): Promise<CampaignResponse> {
    return toCampaign(await this.campaigns.find(company, id));
  }

  /** Whom it would concern, and nothing happens. */
  private trial(request: CampaignRequest, { company, at }: CommandMetadata): StreamableFile {
    const answer = trialAnswer(changesOf(this.campaigns.targetPages(company, request, at), request));
    return new StreamableFile(Readable.from(answer, { objectMode: false }), {
      type: 'application/json; charset=utf-8',
    });
  }

  /** Whom it concerns; and, unless that is nobody, its start. */
  private async run(
    request: CampaignRequest,
    campaignId: string,
    metadata: CommandMetadata,
    response: Response,
  ): Promise<CampaignAnswer> {
    const targets = await this.campaigns.targets(metadata.company, request, metadata.at);
    const users = targets.map((target) => toChange(target, request));
    if (users.length === 0) return { affected: 0, users, campaign: null };
    const campaign = await this.campaigns.start(campaignId, request, users.length, metadata);
    if (campaign.state === 'running') response.status(HttpStatus.ACCEPTED);
    return { affected: users.length, users, campaign: toCampaign(campaign) };
  }

  private deadline(): LegacySettingList['deadline'] {
    const { legacyCutoff: cutOff, basicAuthEnforcedFrom: enforcedFrom } = this.config.mail;
    const now = new Date().toISOString();
    const daysLeft = enforcedFrom === null ? null : daysUntil(enforcedFrom, now);
    return { cutOff, enforcedFrom, daysLeft, stage: migrationStage(now, enforcedFrom) };
  }
}

function toChange({ userId, stage }: Target, { kind }: CampaignRequest): ExpectedChange {
  const from = stage === 'imported' ? 'in_use' : stage;
  return { userId, from, to: kind === 'reminder' ? from : 're_registration_required' };
}

async function* changesOf(pages: AsyncIterable<readonly Target[]>, request: CampaignRequest) {
  for await (const page of pages) yield page.map((target) => toChange(target, request));
}
