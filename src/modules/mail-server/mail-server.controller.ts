import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Response } from 'express';
import {
  decodeCursor,
  encodeCursor,
  etagOf,
  IdempotencySeed,
  IfMatch,
  ListQuery,
  toPage,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { type Caller, CurrentCaller, Metadata, Roles } from '../../platform/security/index.js';
import { ChangeMailServer, DeleteMailServer, RegisterMailServer } from './mail-server.commands.js';
import {
  DeleteMailServerQuery,
  MailServerInput,
  MailServerList,
  MailServerPlace,
  MailServerResponse,
  toDescription,
  toResponse,
} from './mail-server.dto.js';
import { reject } from './mail-server.errors.js';
import { MailServerUsage } from './mail-server-usage.js';
import { MailServersView } from './read-model/mail-servers.view.js';

/** メールサーバー (R15–R21): every user sees the company's mail servers, its admins manage them. */
@ApiTags('メールサーバー')
@Controller('mail-servers')
export class MailServerController {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: MailServersView,
    private readonly usage: MailServerUsage,
  ) {}

  @Get()
  @ApiOperation({ summary: 'メールサーバー一覧 / the mail servers of the company' })
  @ApiOkResponse({ standardSchema: MailServerList })
  async list(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: ListQuery }) query: ListQuery,
  ): Promise<MailServerList> {
    const found = await this.view.list(company, query.limit + 1, decodeCursor(query.after, MailServerPlace));
    const page = toPage(found, query.limit, ({ createdAt, id }) => encodeCursor({ createdAt, id }));
    const uses = await this.usage.countOf(company, page.items.map(({ id }) => id)); // prettier-ignore
    return { items: page.items.map((server) => toResponse(server, uses.get(server.id) ?? 0)), next: page.next };
  }

  @Get(':id')
  @ApiOperation({ summary: 'メールサーバー / one mail server' })
  @ApiOkResponse({ standardSchema: MailServerResponse })
  async get(
    @CurrentCaller() { company }: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailServerResponse> {
    const server = await this.view.find(company, id);
    if (!server) throw reject('mail_server_not_found');
    response.setHeader('ETag', etagOf(server.revision));
    return toResponse(server, (await this.usage.countOf(company, [id])).get(id) ?? 0);
  }

  @Post()
  @Roles('admin')
  @ApiOperation({ summary: '新規 / register a mail server' })
  @ApiCreatedResponse({ standardSchema: MailServerResponse })
  async register(
    @Body({ schema: MailServerInput }) input: MailServerInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IdempotencySeed() seed: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailServerResponse> {
    const mailServerId = newId(seed);
    await this.commands.execute(new RegisterMailServer({ mailServerId, ...toDescription(input) }, metadata));
    response.setHeader('Location', `/api/v1/mail-servers/${mailServerId}`);
    return this.get(caller, mailServerId, response);
  }

  @Put(':id')
  @Roles('admin')
  @ApiOperation({ summary: '変更（鉛筆） / change a mail server' })
  @ApiOkResponse({ standardSchema: MailServerResponse })
  async change(
    @Param('id') mailServerId: string,
    @Body({ schema: MailServerInput }) input: MailServerInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailServerResponse> {
    await this.commands.execute(new ChangeMailServer({ mailServerId, ...toDescription(input) }, metadata, ifMatch));
    return this.get(caller, mailServerId, response);
  }

  @Delete(':id')
  @Roles('admin')
  @HttpCode(204)
  @ApiOperation({ summary: '削除（ゴミ箱） / delete a mail server' })
  @ApiNoContentResponse()
  async remove(
    @Param('id') mailServerId: string,
    @Query({ schema: DeleteMailServerQuery }) { release }: DeleteMailServerQuery,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
  ): Promise<void> {
    const data = { mailServerId, release: release === 'true' };
    await this.commands.execute(new DeleteMailServer(data, metadata, ifMatch));
  }
}
