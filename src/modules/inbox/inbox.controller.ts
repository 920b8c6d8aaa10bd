import { Controller, Get, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { decodeCursor, encodeCursor, etagOf, toPage } from '../../platform/http/index.js';
import { type Caller, CurrentCaller } from '../../platform/security/index.js';
import { MessageDetail, MessageList, MessageListQuery, MessagePlace, MessageQuery, toSummary } from './inbox.dto.js';
import { reject } from './inbox.errors.js';
import { MailParsing } from './mail-parsing.js';
import { MailboxAddresses } from './mailbox-addresses.js';
import { MessageAccess } from './message-access.js';
import { MessageReading } from './message-reading.js';
import { MessageSearch } from './search/message-search.js';
import { downloadHeaders } from './download-headers.js';
import { MessageStore } from './receiving/message-store.js';

/** 受信メール: the own ones, and those that colleagues share. */
@ApiTags('受信メール')
@Controller('inbox/messages')
export class InboxController {
  constructor(
    private readonly search: MessageSearch,
    private readonly addresses: MailboxAddresses,
    private readonly reading: MessageReading,
    private readonly access: MessageAccess,
    private readonly store: MessageStore,
    private readonly parsing: MailParsing,
  ) {}

  @Get()
  @ApiOperation({
    summary: '受信メール一覧 / received mail, newest first',
    description: 'A search that takes long answers with what it has found so far, maybe nothing; `next` goes on.',
  })
  @ApiOkResponse({ standardSchema: MessageList })
  async list(
    @CurrentCaller() { company, userId }: Caller,
    @Query({ schema: MessageListQuery }) query: MessageListQuery,
  ): Promise<MessageList> {
    const { found, stoppedAt } = await this.search.page({
      company,
      reader: userId,
      scope: query.scope,
      text: query.q,
      from: query.from,
      since: query.since === undefined ? undefined : new Date(query.since),
      until: query.until === undefined ? undefined : new Date(query.until),
      shared: query.shared === undefined ? undefined : query.shared === 'true',
      quarantined: query.state === undefined ? undefined : query.state === 'quarantined',
      limit: query.limit + 1,
      after: decodeCursor(query.after, MessagePlace),
    });
    const page = toPage(found, query.limit, ({ id, receivedAt }) =>
      encodeCursor({ id, receivedAt: receivedAt.toISOString() }),
    );
    const addresses = await this.addresses.of(company, page.items.map((message) => message.userId)); // prettier-ignore
    const next = page.next ?? (stoppedAt && encodeCursor({ ...stoppedAt }));
    return { items: page.items.map((message) => toSummary(message, addresses)), next };
  }

  @Get(':id')
  @ApiOperation({ summary: 'メールを読む / one mail' })
  @ApiOkResponse({ standardSchema: MessageDetail })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: MessageQuery }) { remoteContent }: MessageQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MessageDetail> {
    const { detail, revision } = await this.reading.read(caller, id, remoteContent);
    response.setHeader('ETag', etagOf(revision));
    return detail;
  }

  @Get(':id/source')
  @ApiOperation({ summary: 'ソース / the bytes as received' })
  @ApiProduces('message/rfc822')
  async source(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const source = await this.sourceFor(caller, id);
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
    const source = await this.sourceFor(caller, id);
    const content = /^\d{1,6}$/.test(index) ? await this.parsing.attachment(source, Number(index)) : null;
    if (content === null) throw reject('attachment_not_found');
    response.set(downloadHeaders(content.name, content.type));
    return new StreamableFile(Buffer.from(content.bytes));
  }

  private async sourceFor({ company, userId }: Caller, id: string): Promise<Buffer> {
    await this.access.readable(company, userId, id);
    const source = await this.store.source(company, id);
    if (source === null) throw reject('message_not_found');
    return source;
  }
}
