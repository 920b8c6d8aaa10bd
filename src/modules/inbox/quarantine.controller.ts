import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Caller, CurrentCaller, Metadata } from '../../platform/security/index.js';
import { RereadingResult } from './inbox.dto.js';
import { MessageRereading } from './rereading/message-rereading.js';

/** 隔離: mail that could not be read is kept, counted and read again on demand. */
@ApiTags('受信メール')
@Controller('inbox/messages')
export class QuarantineController {
  constructor(private readonly rereading: MessageRereading) {}

  @Post(':id/reread')
  @HttpCode(200)
  @ApiOperation({ summary: '読み直し / read a quarantined mail once more (its owner, or an admin)' })
  @ApiOkResponse({ standardSchema: RereadingResult })
  async reread(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Metadata() metadata: CommandMetadata,
  ): Promise<RereadingResult> {
    const { id: now, reason } = await this.rereading.reread(caller, id, metadata);
    return { id: now, state: reason === null ? 'ok' : 'quarantined', reason };
  }
}
