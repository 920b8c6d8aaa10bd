import { Body, Controller, Get, Module, Param, Post, Put, Query, Res } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { ApiOkResponse } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { defineRejections, rejectWith } from '@libs/eventsourcing';
import { type Response } from 'express';
import { z } from 'zod';
import { ConfigModule, loadConfig } from '../../../src/platform/config/index.js';
import { ObservabilityModule } from '../../../src/platform/observability/index.js';
import { Public } from '../../../src/platform/security/auth/index.js';
import { HttpModule } from '../../../src/platform/http/http.module.js';
import { IdempotencyRecords } from '../../../src/platform/http/idempotency/idempotency-records.js';
import {
  checkIfMatch,
  Consumes,
  decodeCursor,
  encodeCursor,
  etagOf,
  fault,
  IfMatch,
  ListQuery,
  pageOf,
  toPage,
} from '../../../src/platform/http/index.js';
import { setupHttp } from '../../../src/platform/http/setup-http.js';

const teaErrors = defineRejections({
  tea_sold_out: {
    kind: 'conflict',
    fixableBy: 'admin',
    title: { ja: '売り切れです', en: 'Sold out' },
    detail: ({ tea }) => ({ ja: `${String(tea)}は売り切れです。`, en: `${String(tea)} is sold out.` }),
  },
  tea_too_hot: {
    kind: 'too_many',
    fixableBy: 'user',
    title: { ja: '熱すぎます', en: 'Too hot' },
    detail: () => ({ ja: '少しお待ちください。', en: 'Wait a little.' }),
  },
});
const reject = rejectWith(teaErrors);

const Pot = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clay'), age: z.int().min(0) }),
  z.strictObject({ kind: z.literal('iron'), grams: z.number().max(5_000) }),
]);
const Order = z
  .strictObject({
    tea: z.string().min(1).max(20),
    cups: z.int().min(1).max(10),
    size: z.enum(['small', 'large']).optional(),
    email: z.email().nullable().optional(),
    notes: z.array(z.string().max(5)).min(1).max(2).optional(),
    pot: Pot.optional(),
    to: z.union([z.string(), z.strictObject({ name: z.string() })]).optional(),
    sugar: z
      .string()
      .refine((sugar) => sugar !== 'salt', fault('salt_is_no_sugar', { ja: '塩です。', en: 'That is salt.' }))
      .optional(),
  })
  .meta({ id: 'Order' });
type Order = z.output<typeof Order>;

const Tea = z.object({ id: z.int(), name: z.string() }).meta({ id: 'Tea' });
const TeaPage = pageOf(Tea).meta({ id: 'TeaPage' });
const teas = Array.from({ length: 60 }, (_, index) => ({ id: index + 1, name: `tea ${index + 1}` }));

@Controller('teas')
class TeaController {
  @Post()
  @Public()
  order(@Body({ schema: Order }) order: Order): Order {
    return order;
  }

  @Get()
  @ApiOkResponse({ standardSchema: TeaPage })
  list(@Query({ schema: ListQuery }) { limit, after }: ListQuery) {
    const start = decodeCursor(after, z.int()) ?? 0;
    const found = teas.filter(({ id }) => id > start).slice(0, limit + 1);
    return toPage(found, limit, ({ id }) => encodeCursor(id));
  }

  @Get('sold-out')
  soldOut(@Res({ passthrough: true }) response: Response): never {
    response.set({ ETag: '"7"', Location: '/elsewhere' });
    throw reject(
      'tea_sold_out',
      { tea: '玉露' },
      { field: 'tea', extensions: { restockedAt: '2030-01-01', status: 200 } },
    );
  }

  @Get('too-hot')
  tooHot(): never {
    throw reject('tea_too_hot', { retryAfterSeconds: 12.5 });
  }

  @Get('spilled')
  spilled(): never {
    throw new Error('connect mongodb://service:hunter2@stores failed');
  }

  @Get('store-away')
  storeAway(): never {
    throw Object.assign(new Error('connect ECONNREFUSED'), { name: 'MongoServerSelectionError' });
  }

  @Get('broken-off')
  brokenOff(@Res() response: Response): never {
    response.write('the first half');
    throw new Error('the second half is lost');
  }

  @Post('import')
  @Consumes('text/csv')
  import(): string {
    return 'taken';
  }

  @Get(':id')
  one(@Param('id', { schema: z.string().max(5) }) id: string, @Res({ passthrough: true }) response: Response) {
    response.set('ETag', etagOf(3));
    return { id };
  }

  @Put(':id')
  change(@Param('id') id: string, @IfMatch() ifMatch: string | null): { id: string } {
    checkIfMatch(ifMatch, 3);
    return { id };
  }
}

const config = loadConfig({ SANDBOX: 'true', LOG_LEVEL: 'silent' });

@Module({ imports: [ConfigModule.forRoot(config), ObservabilityModule, HttpModule], controllers: [TeaController] })
class TeaHouse {}

/** The application, listening nowhere yet. Nothing is remembered for `Idempotency-Key`: that has its own contract. */
export async function teaHouse(bodyLimits?: Record<string, number>): Promise<NestExpressApplication> {
  const module = await Test.createTestingModule({ imports: [TeaHouse] })
    .overrideProvider(IdempotencyRecords)
    .useValue({})
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false, bodyParser: false });
  setupHttp(app, bodyLimits && { bodyLimits });
  await app.init();
  return app;
}
