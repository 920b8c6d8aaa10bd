import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IDEMPOTENCY_TIMES, IdempotencyRecords, idempotencyTimes } from './idempotency/idempotency-records.js';
import { ValidationPipe } from './input/validation.pipe.js';
import { MediaTypeInterceptor } from './media-type.interceptor.js';
import { notFound } from './not-found.middleware.js';
import { ProblemFilter } from './problems/problem.filter.js';

/** What every request meets, whichever module it goes to. `setupHttp` does the part that needs the application. */
@Module({
  providers: [
    ProblemFilter,
    IdempotencyRecords,
    { provide: IDEMPOTENCY_TIMES, useValue: idempotencyTimes },
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: MediaTypeInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
  exports: [IdempotencyRecords],
})
export class HttpModule implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly filter: ProblemFilter,
  ) {}

  /** The hooks of bootstrap run after all routes are registered, so this stands behind them. */
  onApplicationBootstrap(): void {
    this.host.httpAdapter.use(notFound(this.filter));
  }
}
