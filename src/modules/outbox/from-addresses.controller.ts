import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Rejection } from '@libs/eventsourcing';
import { type Request } from 'express';
import { type Language, preferredLanguage } from '../../platform/http/index.js';
import { type Caller, CurrentCaller } from '../../platform/security/index.js';
import { fromAddressesOf } from './composing/sender.policy.js';
import { FromAddresses } from './outbox.dto.js';
import { outboxErrors } from './outbox.errors.js';
import { type Route } from './outbox.events.js';
import { OutgoingRoute } from './routing/outgoing-route.js';
import { SenderCheck } from './routing/sender-check.js';

type FromAddress = FromAddresses[number];
type Offered = ReturnType<typeof fromAddressesOf>[number];

/** 差出人アドレス: what the user may send from, and whether it works, before anybody tries (R42–R44). */
@ApiTags('送信メール')
@Controller('me/from-addresses')
export class FromAddressesController {
  constructor(
    private readonly routes: OutgoingRoute,
    private readonly checks: SenderCheck,
  ) {}

  @Get()
  @ApiOperation({ summary: '差出人アドレス / the addresses to send from' })
  @ApiOkResponse({ standardSchema: FromAddresses })
  async list(@CurrentCaller() caller: Caller, @Req() request: Request): Promise<FromAddresses> {
    const language = preferredLanguage(request.headers['accept-language']);
    const route = await this.routeOrRefusal(caller);
    return Promise.all(
      fromAddressesOf(caller).map(async (offered) =>
        route instanceof Rejection ? refused(offered, route, language) : this.checked(caller, offered, route, language),
      ),
    );
  }

  private async routeOrRefusal({ company, userId }: Caller): Promise<Route | Rejection> {
    try {
      return await this.routes.of(company, userId);
    } catch (error) {
      if (error instanceof Rejection) return error;
      throw error;
    }
  }

  private async checked(
    { company, userId }: Caller,
    { address, kind }: Offered,
    route: Route,
    language: Language,
  ): Promise<FromAddress> {
    const check = await this.checks.check({ company, userId, route, from: address });
    if (check.sendable !== 'no') return { address, kind, sendable: check.sendable };
    const detail = outboxErrors.from_not_registered_at_provider.detail({ address })[language];
    return { address, kind, sendable: 'no', reason: check.reason, detail };
  }
}

function refused({ address, kind }: Offered, refusal: Rejection, language: Language): FromAddress {
  return { address, kind, sendable: 'no', reason: refusal.code, detail: refusal.detail[language] };
}
