import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Leases } from './leases.js';
import { Scheduler } from './scheduler.js';

/** What runs without a request. Needs the mongoose connection of the application root and ObservabilityModule. */
@Global()
@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [Scheduler, Leases],
  exports: [Scheduler, Leases],
})
export class SchedulingModule {}
