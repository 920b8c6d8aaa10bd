import { Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { APP_CONFIG, type AppConfig } from '../config/index.js';
import { HealthController } from './health.controller.js';
import { loggerOptions } from './logger-options.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { ReadinessChecks } from './readiness-checks.js';
import { RequestObserver } from './request-observer.js';

/** Logs, metrics and health. `main.ts` hands the `Logger` of this door to the application (`app.useLogger`). */
@Global()
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => ({ pinoHttp: loggerOptions(config) }),
    }),
  ],
  controllers: [HealthController, MetricsController],
  providers: [Metrics, ReadinessChecks, RequestObserver],
  exports: [Metrics, ReadinessChecks, RequestObserver],
})
export class ObservabilityModule {}
