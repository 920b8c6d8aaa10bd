import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';

const EgressAddresses = z.object({ addresses: z.array(z.string()) }).meta({ id: 'EgressAddresses' });
type EgressAddresses = z.infer<typeof EgressAddresses>;

/** The addresses that a customer's firewall has to let in (R20). */
@ApiTags('メールサーバー')
@Controller('egress-addresses')
export class EgressAddressesController {
  constructor(@InjectConfig() private readonly config: AppConfig) {}

  @Get()
  @ApiOperation({ summary: '許可が必要な接続元アドレス / the addresses to allow' })
  @ApiOkResponse({ standardSchema: EgressAddresses })
  list(): EgressAddresses {
    return { addresses: [...this.config.mail.egressAddresses] };
  }
}
