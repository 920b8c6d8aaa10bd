import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, CurrentCaller, Roles } from '../../../platform/security/index.js';
import { IntegrityCheck } from './integrity-check.js';
import { IntegrityResponse, toIntegrity } from './integrity.dto.js';
import { digestOf } from './seal.js';
import { SealKeys } from './seal-keys.js';
import { SealStore } from './seal-store.js';

/** 監査: whether the record is what was written. */
@ApiTags('監査')
@Controller('audit/integrity')
@Roles('auditor')
export class IntegrityController {
  constructor(
    private readonly check: IntegrityCheck,
    private readonly seals: SealStore,
    private readonly keys: SealKeys,
  ) {}

  @Get()
  @ApiOperation({ summary: '改ざんの検査 / whether the record was changed' })
  @ApiOkResponse({ standardSchema: IntegrityResponse })
  async integrity(@CurrentCaller() { company }: Caller): Promise<IntegrityResponse> {
    const verdict = await this.check.verify(company);
    const last = await this.seals.last(company);
    const seal = last && { number: last.number, at: last.at, upTo: last.upTo, digest: digestOf(last) };
    return toIntegrity(verdict, seal, this.keys.published());
  }
}
