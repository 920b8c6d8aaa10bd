import { Body, Controller, Delete, Get, HttpCode, Put, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request, type Response } from 'express';
import { etagOf, IfMatch, preferredLanguage } from '../../platform/http/index.js';
import { type Caller, CurrentCaller, Metadata } from '../../platform/security/index.js';
import { MailSettingPage } from './mail-setting-page.js';
import { ConnectAccount, ReleaseMailSetting, SaveDetails } from './user-mail-setting.commands.js';
import { AccountInput, DetailsInput, MailSettingResponse } from './user-mail-setting.dto.js';

/** ユーザーメール設定: the own one and nobody else's; an admin cannot make it for someone (R23). */
@ApiTags('ユーザーメール設定')
@Controller('me/mail-setting')
export class UserMailSettingController {
  constructor(
    private readonly commands: CommandBus,
    private readonly pages: MailSettingPage,
  ) {}

  @Get()
  @ApiOperation({ summary: '自分のメール設定 / the own mail setting' })
  @ApiOkResponse({ standardSchema: MailSettingResponse })
  async show(
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailSettingResponse> {
    const { page, revision } = await this.pages.of(caller, preferredLanguage(request.headers['accept-language']));
    if (revision !== null) response.setHeader('ETag', etagOf(revision));
    return page;
  }

  @Put('account')
  @ApiOperation({ summary: '設定画面で設定する / account name and password of an other server' })
  @ApiOkResponse({ standardSchema: MailSettingResponse })
  async connect(
    @Body({ schema: AccountInput }) input: AccountInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailSettingResponse> {
    const data = { ...input, userId: caller.userId, address: caller.email };
    await this.commands.execute(new ConnectAccount(data, metadata, ifMatch));
    return this.show(caller, request, response);
  }

  @Put('details')
  @ApiOperation({ summary: '保存 / import day and share choice; receiving starts' })
  @ApiOkResponse({ standardSchema: MailSettingResponse })
  async save(
    @Body({ schema: DetailsInput }) input: DetailsInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailSettingResponse> {
    await this.commands.execute(new SaveDetails({ ...input, userId: caller.userId }, metadata, ifMatch));
    return this.show(caller, request, response);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: '解除 / release: the credential is destroyed, received mail stays' })
  @ApiNoContentResponse()
  async release(
    @CurrentCaller() { userId }: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
  ): Promise<void> {
    const data = { userId, cause: 'user', onlyOfMailServer: null } as const;
    await this.commands.execute(new ReleaseMailSetting(data, metadata, ifMatch));
  }
}
