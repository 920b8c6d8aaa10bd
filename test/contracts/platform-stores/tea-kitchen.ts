import { Body, Controller, HttpCode, Module, Param, Post, Put, Res } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { defineRejections, rejectWith } from '@libs/eventsourcing';
import { type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { ConfigModule, loadConfig } from '../../../src/platform/config/index.js';
import { IDEMPOTENCY_TIMES } from '../../../src/platform/http/idempotency/idempotency-records.js';
import { etagOf, HttpModule, IdempotencySeed, rejectHttp, setupHttp } from '../../../src/platform/http/index.js';
import { ObservabilityModule } from '../../../src/platform/observability/index.js';
import { rememberCaller } from '../../../src/platform/security/auth/caller.js';
import { CredentialsModule } from '../../../src/platform/security/credentials/index.js';
import { type DocumentStore } from './document-store.js';

const kitchenErrors = defineRejections({
  kettle_broken: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '故障中', en: 'Broken' },
    detail: ({ since }) => ({ ja: `${String(since)}から故障中です。`, en: `Broken since ${String(since)}.` }),
  },
  kettle_missing: {
    kind: 'not_found',
    fixableBy: 'admin',
    title: { ja: 'ありません', en: 'Missing' },
    detail: () => ({ ja: 'やかんがありません。', en: 'There is no kettle.' }),
  },
});
const reject = rejectWith(kitchenErrors);

const Brew = z.strictObject({ tea: z.string(), password: z.string().optional(), outcome: z.string().optional() });
type Brew = z.output<typeof Brew>;

/** What has happened in the kitchens, by all instances: how often each tea was brewed, and under which seeds. */
export const brewed: { readonly tea: string; readonly seed: string | null }[] = [];

@Controller('kitchens/:kitchen/teas')
class Kitchen {
  @Post()
  async brew(
    @Param('kitchen') kitchen: string,
    @Body({ schema: Brew }) { tea, outcome }: Brew,
    @IdempotencySeed() seed: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    brewed.push({ tea, seed });
    if (outcome === 'broken') throw reject('kettle_broken', { since: '2020' }, { extensions: { inUseBy: 3 } });
    if (outcome === 'missing') throw reject('kettle_missing');
    if (outcome === 'busy') throw rejectHttp('too_many_requests', { retryAfterSeconds: 9 });
    if (outcome === 'away') throw rejectHttp('store_unavailable');
    if (outcome === 'spilled') throw new Error('spilled');
    if (outcome === 'held') await kettle.boils;
    response.set({ Location: `/teas/${brewed.length}`, ETag: etagOf(brewed.length) });
    return { kitchen, cup: brewed.length };
  }

  @Post('throw-away')
  @HttpCode(204)
  throwAway(): void {
    brewed.push({ tea: 'none', seed: null });
  }

  @Put()
  again(): { cup: number } {
    brewed.push({ tea: 'again', seed: null });
    return { cup: brewed.length };
  }
}

/** How long leases and patience are, in all kitchens; each test sets them as it needs. */
export const times = { leaseMs: 60_000, patienceMs: 10_000 };

/** What a tea with the outcome `held` waits for. */
export const kettle = { boils: Promise.resolve() };

/** An instance of a small application with keyed POSTs. Who asks says so in `X-Test-Caller: company/user`. */
export async function teaKitchen(store: DocumentStore): Promise<NestExpressApplication> {
  const key = Buffer.alloc(32, 1).toString('base64');
  const config = loadConfig({ SANDBOX: 'true', LOG_LEVEL: 'silent', CREDENTIAL_KEYS: `k1:${key}` });
  const documents = { dbName: store.dbName, autoIndex: false, autoCreate: false, retryWrites: false };
  @Module({
    imports: [
      ConfigModule.forRoot(config),
      ObservabilityModule,
      MongooseModule.forRoot(store.url, documents),
      CredentialsModule,
      HttpModule,
    ],
    controllers: [Kitchen],
  })
  class TeaKitchen {}
  const module = await Test.createTestingModule({ imports: [TeaKitchen] })
    .overrideProvider(IDEMPOTENCY_TIMES)
    .useValue(times)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false, bodyParser: false });
  app.use(tellCaller);
  setupHttp(app);
  await app.init();
  return app;
}

function tellCaller(request: Request, _response: Response, next: NextFunction): void {
  const [company, userId] = request.get('X-Test-Caller')?.split('/') ?? [];
  if (company !== undefined && userId !== undefined) {
    const email = `${userId}@${company}.example`;
    rememberCaller(request, {
      company,
      userId,
      email,
      additionalAddress1: null,
      name: userId,
      roles: [],
      position: null,
    });
  }
  next();
}
