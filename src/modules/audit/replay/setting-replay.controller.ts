import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type ReplayedKind } from '../../../platform/audit-trail/index.js';
import { type Caller, CurrentCaller, Roles } from '../../../platform/security/index.js';
import { AtQuery, BetweenQuery, SettingAt, SettingDifference, toDifference, toSettingAt, utcOf } from './setting-replay.dto.js'; // prettier-ignore
import { SettingReplay } from './setting-replay.js';

/** 監査: settings as they stood at any instant, and what changed between two (R49). */
@ApiTags('監査')
@Controller('audit')
@Roles('auditor')
export class SettingReplayController {
  constructor(private readonly replay: SettingReplay) {}

  @Get('users/:userId/mail-setting')
  @ApiOperation({ summary: 'ユーザーメール設定の再現 / a mail setting as it stood at an instant' })
  @ApiOkResponse({ standardSchema: SettingAt })
  async mailSetting(
    @CurrentCaller() caller: Caller,
    @Param('userId') userId: string,
    @Query({ schema: AtQuery }) query: AtQuery,
  ): Promise<SettingAt> {
    return this.at('mail_setting', caller, userId, query);
  }

  @Get('users/:userId/mail-setting/difference')
  @ApiOperation({ summary: 'ユーザーメール設定の差分 / a mail setting at two instants' })
  @ApiOkResponse({ standardSchema: SettingDifference })
  async mailSettingDifference(
    @CurrentCaller() caller: Caller,
    @Param('userId') userId: string,
    @Query({ schema: BetweenQuery }) query: BetweenQuery,
  ): Promise<SettingDifference> {
    return this.between('mail_setting', caller, userId, query);
  }

  @Get('mail-servers/:id')
  @ApiOperation({ summary: 'メールサーバーの再現 / a mail server as it stood at an instant' })
  @ApiOkResponse({ standardSchema: SettingAt })
  async mailServer(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: AtQuery }) query: AtQuery,
  ): Promise<SettingAt> {
    return this.at('mail_server', caller, id, query);
  }

  @Get('mail-servers/:id/difference')
  @ApiOperation({ summary: 'メールサーバーの差分 / a mail server at two instants' })
  @ApiOkResponse({ standardSchema: SettingDifference })
  async mailServerDifference(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: BetweenQuery }) query: BetweenQuery,
  ): Promise<SettingDifference> {
    return this.between('mail_server', caller, id, query);
  }

  @Get('google-api-setting')
  @ApiOperation({ summary: 'Google API設定の再現 / the Google API setting as it stood at an instant' })
  @ApiOkResponse({ standardSchema: SettingAt })
  async googleApiSetting(
    @CurrentCaller() caller: Caller,
    @Query({ schema: AtQuery }) query: AtQuery,
  ): Promise<SettingAt> {
    return this.at('google_api_setting', caller, '', query);
  }

  @Get('google-api-setting/difference')
  @ApiOperation({ summary: 'Google API設定の差分 / the Google API setting at two instants' })
  @ApiOkResponse({ standardSchema: SettingDifference })
  async googleApiSettingDifference(
    @CurrentCaller() caller: Caller,
    @Query({ schema: BetweenQuery }) query: BetweenQuery,
  ): Promise<SettingDifference> {
    return this.between('google_api_setting', caller, '', query);
  }

  private async at(kind: ReplayedKind, { company }: Caller, id: string, query: AtQuery): Promise<SettingAt> {
    const at = utcOf(query.at);
    return toSettingAt(at, await this.replay.at(kind, company, id, at));
  }

  private async between(kind: ReplayedKind, { company }: Caller, id: string, query: BetweenQuery) {
    const [from, to] = [utcOf(query.from), utcOf(query.to)];
    return toDifference(from, to, await this.replay.between(kind, company, id, from, to));
  }
}
