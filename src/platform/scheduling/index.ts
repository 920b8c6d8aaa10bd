export { type Job } from './job.js';
export { Leases } from './leases.js';
export { Scheduler } from './scheduler.js';
export { SchedulingModule } from './scheduling.module.js';
