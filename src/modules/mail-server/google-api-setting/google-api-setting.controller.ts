import { type CommandMetadata } from '@libs/eventsourcing';
import { Body, Controller, Delete, Get, HttpCode, Put, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { etagOf, IfMatch } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller, Metadata, Roles } from '../../../platform/security/index.js';
import { DeleteGoogleApiSetting, EnterGoogleApp } from './google-api-setting.commands.js';
import { GoogleApiSettingInput, GoogleApiSettingResponse } from './google-api-setting.dto.js';
import { reject } from './google-api-setting.errors.js';
import { googleRedirectUri } from './google-redirect-uri.js';
import { GoogleApiSettingsView } from './read-model/google-api-settings.view.js';

/** Google API設定 (R16): the company's own Google app, before Gmail can be registered. */
@ApiTags('Google API設定')
@Controller('google-api-setting')
export class GoogleApiSettingController {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: GoogleApiSettingsView,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Google OAuth 情報 / the Google app of the company, without its secret' })
  @ApiOkResponse({ standardSchema: GoogleApiSettingResponse })
  async show(
    @CurrentCaller() { company }: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<GoogleApiSettingResponse> {
    const setting = await this.view.find(company);
    if (!setting) throw reject('google_api_setting_not_found');
    const { clientId, quotaUnitsPerMinute, revision } = setting;
    response.setHeader('ETag', etagOf(revision));
    return {
      clientId,
      hasSecret: true,
      redirectUri: googleRedirectUri(this.config.http.publicUrl),
      ...(quotaUnitsPerMinute !== null && { quotaUnitsPerMinute }),
    };
  }

  @Put()
  @Roles('admin')
  @ApiOperation({ summary: 'Google OAuth 情報の入力 / enter or replace the Google app' })
  @ApiOkResponse({ standardSchema: GoogleApiSettingResponse })
  async save(
    @Body({ schema: GoogleApiSettingInput }) input: GoogleApiSettingInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<GoogleApiSettingResponse> {
    const data = { ...input, quotaUnitsPerMinute: input.quotaUnitsPerMinute ?? null };
    await this.commands.execute(new EnterGoogleApp(data, metadata, ifMatch));
    return this.show(caller, response);
  }

  @Delete()
  @Roles('admin')
  @HttpCode(204)
  @ApiOperation({ summary: '削除 / delete it; Gmail must not be registered any more' })
  @ApiNoContentResponse()
  async remove(@Metadata() metadata: CommandMetadata, @IfMatch() ifMatch: string | null): Promise<void> {
    await this.commands.execute(new DeleteGoogleApiSetting(metadata, ifMatch));
  }
}
