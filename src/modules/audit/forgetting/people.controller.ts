import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Caller, CurrentCaller, Metadata, Roles } from '../../../platform/security/index.js';
import { rejectAudit } from '../audit.errors.js';
import { ErasedPeopleView } from './erased-people.view.js';
import { ErasePerson } from './person.commands.js';
import { ErasureInput, ErasureResponse, toErasure } from './person.dto.js';

/** 個人データの消去: forgets a person; the decisions stay. */
@ApiTags('管理')
@Controller('admin/people')
@Roles('admin')
export class PeopleController {
  constructor(
    private readonly commands: CommandBus,
    private readonly people: ErasedPeopleView,
  ) {}

  @Post(':userId/erasure')
  @HttpCode(202)
  @ApiOperation({ summary: '個人データを消去する / forget a person, for good' })
  @ApiAcceptedResponse({ standardSchema: ErasureResponse })
  async erase(
    @CurrentCaller() caller: Caller,
    @Param('userId') userId: string,
    @Body({ schema: ErasureInput }) { reason }: ErasureInput,
    @Metadata() metadata: CommandMetadata,
  ): Promise<ErasureResponse> {
    await this.commands.execute(new ErasePerson({ userId }, { ...metadata, reason }));
    return this.erasure(caller, userId);
  }

  @Get(':userId/erasure')
  @ApiOperation({ summary: '消去の状況 / how forgetting a person goes' })
  @ApiOkResponse({ standardSchema: ErasureResponse })
  async erasure(@CurrentCaller() { company }: Caller, @Param('userId') userId: string): Promise<ErasureResponse> {
    const found = await this.people.find(company, userId);
    if (!found) throw rejectAudit('not_on_record');
    return toErasure(found);
  }
}
