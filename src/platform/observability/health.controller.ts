import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { Public } from '../security/auth/index.js';
import { type CheckResult, ReadinessChecks } from './readiness-checks.js';

/** For whoever starts, stops and feeds instances. Open: it tells no more than names of parts. */
@ApiTags('Operation')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly checks: ReadinessChecks) {}

  /** The process answers. It depends on nothing: a store that is away is no reason to restart the service. */
  @Get('live')
  @ApiOperation({ summary: 'Is the process alive?' })
  @Header('Cache-Control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 503, and which part is not well, when requests should go to another instance. */
  @Get('ready')
  @ApiOperation({ summary: 'Should it get requests?' })
  @Header('Cache-Control', 'no-store')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: 'ok' | 'unavailable'; checks: readonly CheckResult[] }> {
    const checks = await this.checks.run();
    const well = checks.every(({ ok }) => ok);
    if (!well) response.status(503);
    return { status: well ? 'ok' : 'unavailable', checks };
  }
}
