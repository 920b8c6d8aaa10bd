import { Body, Controller, Get, Put, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Response } from 'express';
import { etagOf, IfMatch } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller, Metadata, Roles } from '../../../platform/security/index.js';
import { DecideRetention } from './retention.commands.js';
import { RetentionInput, RetentionResponse, toRetention } from './retention.dto.js';
import { RetentionView } from './retention.view.js';

/** 保存期間: how long the company keeps received mail. */
@ApiTags('管理')
@Controller('admin/retention')
@Roles('admin')
export class RetentionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: RetentionView,
  ) {}

  @Get()
  @ApiOperation({ summary: '受信メールの保存期間 / how long received mail is kept' })
  @ApiOkResponse({ standardSchema: RetentionResponse })
  async get(
    @CurrentCaller() { company }: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RetentionResponse> {
    const decided = await this.view.find(company);
    response.setHeader('ETag', etagOf(decided?.revision ?? 'none'));
    return toRetention(decided);
  }

  @Put()
  @ApiOperation({ summary: '受信メールの保存期間を決める / decide how long received mail is kept' })
  @ApiOkResponse({ standardSchema: RetentionResponse })
  async decide(
    @Body({ schema: RetentionInput }) { mailDays, reason }: RetentionInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RetentionResponse> {
    await this.commands.execute(new DecideRetention({ mailDays }, { ...metadata, reason }, ifMatch));
    return this.get(caller, response);
  }
}
