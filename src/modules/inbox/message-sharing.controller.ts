import { Body, Controller, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Response } from 'express';
import { etagOf, IfMatch } from '../../platform/http/index.js';
import { type Caller, CurrentCaller, Metadata } from '../../platform/security/index.js';
import { BulkSharingInput, MessageDetail, SharingInput, SharingResult } from './inbox.dto.js';
import { reject } from './inbox.errors.js';
import { MessageReading } from './message-reading.js';
import { InboxMessagesView } from './read-model/inbox-messages.view.js';
import { ShareMessages } from './sharing/message-sharing.commands.js';

/** シェア設定 of received mail, one by one or many (R31, R33): only by the owner of the mailbox. */
@ApiTags('受信メール')
@Controller('inbox/messages')
export class MessageSharingController {
  constructor(
    private readonly commands: CommandBus,
    private readonly view: InboxMessagesView,
    private readonly reading: MessageReading,
  ) {}

  @Put(':id/sharing')
  @ApiOperation({ summary: 'シェアする／しない / share one mail, or take it back' })
  @ApiOkResponse({ standardSchema: MessageDetail })
  async share(
    @Param('id') id: string,
    @Body({ schema: SharingInput }) { shared }: SharingInput,
    @CurrentCaller() caller: Caller,
    @Metadata() metadata: CommandMetadata,
    @IfMatch() ifMatch: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MessageDetail> {
    const data = { userId: caller.userId, messageIds: [id], shared };
    await this.commands.execute(new ShareMessages(data, metadata, ifMatch));
    const { detail, revision } = await this.reading.read(caller, id, 'block');
    response.setHeader('ETag', etagOf(revision));
    return detail;
  }

  @Post('sharing')
  @HttpCode(200)
  @ApiOperation({ summary: 'まとめてシェアする／しない / share many mails, or take them back' })
  @ApiOkResponse({ standardSchema: SharingResult })
  async shareMany(
    @Body({ schema: BulkSharingInput }) { ids, shared }: BulkSharingInput,
    @CurrentCaller() { company, userId }: Caller,
    @Metadata() metadata: CommandMetadata,
  ): Promise<SharingResult> {
    await this.commands.execute(new ShareMessages({ userId, messageIds: ids, shared }, metadata));
    const messages = await Promise.all(ids.map(async (id) => this.view.findFor(company, userId, id)));
    const items = messages.map((message) => {
      if (!message) throw reject('message_not_found');
      return { id: message.id, sharing: { shared: message.shared, ...message.sharing } };
    });
    return { items };
  }
}
