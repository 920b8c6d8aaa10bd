import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request, type Response } from 'express';
import {
  Consumes,
  decodeCursor,
  DocumentedBody,
  encodeCursor,
  etagOf,
  IdempotencySeed,
  IfMatch,
  preferredLanguage,
  toPage,
} from '../../platform/http/index.js';
import { type Caller, CurrentCaller, Metadata } from '../../platform/security/index.js';
import { downloadHeaders, MailParsing } from '../inbox/index.js';
import { documentedForm, MailInput } from './composing/mail-input.js';
import { type UploadedFile } from './composing/outgoing-request.js';
import { fromAddressesOf } from './composing/sender.policy.js';
import { SubmitMail } from './composing/submit-mail.handler.js';
import { AskForRetry, CancelMail, DecideOutcome } from './outbox.commands.js';
import {
  OutboxDetail,
  OutboxList,
  OutboxListQuery,
  OutboxMessageQuery,
  OutboxPlace,
  OutcomeInput,
  QueuedMessage,
} from './outbox.dto.js';
import { reject } from './outbox.errors.js';
import { mailIdOf } from './mail-id.js';
import { OutboxReading } from './outbox-reading.js';
import { toSummary } from './outbox-summary.js';
import { OutboxMailsView } from './read-model/outbox-mails.view.js';

/** 送信メール: one way to send, whoever carries it; everybody sees the own ones. */
@ApiTags('送信メール')
@Controller('outbox/messages')
export class OutboxController {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: OutboxMailsView,
    private readonly reading: OutboxReading,
    private readonly parsing: MailParsing,
  ) {}

  @Post()
  @HttpCode(202)
  @Consumes('application/json', 'application/*+json', 'multipart/form-data')
  @UseInterceptors(AnyFilesInterceptor())
  @DocumentedBody({ 'application/json': MailInput, 'multipart/form-data': documentedForm })
  @ApiOperation({ summary: '送信 / send a mail' })
  @ApiAcceptedResponse({ standardSchema: QueuedMessage })
  async send(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IdempotencySeed() seed: string | null,
    @Req() request: Request & { readonly files?: UploadedFile[] },
    @Res({ passthrough: true }) response: Response,
  ): Promise<QueuedMessage> {
    const id = mailIdOf(request, caller, seed);
    const uploads = request.is('multipart/form-data') ? (request.files ?? []) : undefined;
    const queued = await this.commands.execute<SubmitMail, QueuedMessage>(
      new SubmitMail({ id, caller, body, files: uploads }, metadata),
    );
    response.setHeader('Location', `/api/v1/outbox/messages/${id}`);
    return queued;
  }

  @Get()
  @ApiOperation({ summary: '送信メール一覧 / sent mail, newest first' })
  @ApiOkResponse({ standardSchema: OutboxList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: OutboxListQuery }) query: OutboxListQuery,
    @Req() request: Request,
  ): Promise<OutboxList> {
    const after = decodeCursor(query.after, OutboxPlace);
    const found = await this.view.list(caller, { state: query.state, after, limit: query.limit + 1 });
    const page = toPage(found, query.limit, ({ id, queuedAt }) => encodeCursor({ id, queuedAt }));
    const language = languageOf(request);
    return { items: page.items.map((mail) => toSummary(mail, language)), next: page.next };
  }

  @Get(':id')
  @ApiOperation({ summary: '送信メールを読む / one sent mail, and what became of it' })
  @ApiOkResponse({ standardSchema: OutboxDetail })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: OutboxMessageQuery }) { remoteContent }: OutboxMessageQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OutboxDetail> {
    const { message, revision } = await this.reading.detail(caller, id, languageOf(response.req), remoteContent);
    response.setHeader('ETag', etagOf(revision));
    return message;
  }

  @Get(':id/source')
  @ApiOperation({ summary: 'ソース / the mail as composed' })
  @ApiProduces('message/rfc822')
  async source(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const source = await this.reading.stream(caller, id);
    response.set(downloadHeaders('message.eml', 'message/rfc822'));
    return new StreamableFile(source);
  }

  @Get(':id/attachments/:index')
  @ApiOperation({ summary: '添付ファイル / an attachment, as a download' })
  @ApiProduces('application/octet-stream')
  async attachment(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('index') index: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const source = await this.reading.source(caller, id);
    const content = /^\d{1,6}$/.test(index) ? await this.parsing.attachment(source, Number(index)) : null;
    if (content === null) throw reject('outbox_attachment_not_found');
    response.set(downloadHeaders(content.name, content.type));
    return new StreamableFile(Buffer.from(content.bytes));
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({ summary: '再送信 / send again after a failure' })
  @ApiAcceptedResponse({ standardSchema: OutboxDetail })
  async retry(
    @CurrentCaller() caller: Caller,
    @Param('id') mailId: string,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OutboxDetail> {
    const fromAddresses = fromAddressesOf(caller).map(({ address }) => address);
    const asked = { mailId, userId: caller.userId, fromAddresses };
    await this.commands.execute(new AskForRetry(asked, metadata, ifMatch));
    return this.read(caller, mailId, BLOCK, response);
  }

  @Post(':id/outcome')
  @HttpCode(200)
  @ApiOperation({ summary: '送信結果を確定する / say what became of a mail whose outcome is unknown' })
  @ApiOkResponse({ standardSchema: OutboxDetail })
  async decide(
    @CurrentCaller() caller: Caller,
    @Param('id') mailId: string,
    @Body({ schema: OutcomeInput }) { sent }: OutcomeInput,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OutboxDetail> {
    await this.commands.execute(new DecideOutcome({ mailId, userId: caller.userId, sent }, metadata, ifMatch));
    return this.read(caller, mailId, BLOCK, response);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: '送信取消 / take a mail back before it is sent' })
  @ApiNoContentResponse()
  async cancel(
    @CurrentCaller() { userId }: Caller,
    @Param('id') mailId: string,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
  ): Promise<void> {
    await this.commands.execute(new CancelMail({ mailId, userId }, metadata, ifMatch));
  }
}

const BLOCK = { remoteContent: 'block' } as const;

const languageOf = (request: Request) => preferredLanguage(request.headers['accept-language']);
