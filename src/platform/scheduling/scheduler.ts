import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Metrics } from '../observability/metrics.js';
import { type Job, nextInterval } from './job.js';

const SHUTDOWN_DEADLINE_MS = 10_000;

interface ScheduledJob {
  readonly job: Job;
  running: Promise<void> | null;
  /** Somebody asked for a run while one was under way. */
  again: boolean;
}

/**
 * Runs periodic jobs. A job never overlaps itself in one instance (across instances that is for Leases); one that
 * fails is logged, counted and tried again at its next time. Nothing runs before the application is up, and at
 * shutdown running jobs are told to end and waited for, for ten seconds at most.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Scheduler');
  private readonly jobs = new Map<string, ScheduledJob>();
  private readonly shutdown = new AbortController();
  private readonly runs;
  private readonly lastSuccess;
  private started = false;

  constructor(
    private readonly registry: SchedulerRegistry,
    metrics: Metrics,
  ) {
    this.runs = metrics.counter({
      name: 'hrbc_mail_job_runs_total',
      help: 'Runs of periodic jobs by how they ended',
      labelNames: ['job', 'outcome'],
    });
    this.lastSuccess = metrics.gauge({
      name: 'hrbc_mail_job_last_success_timestamp_seconds',
      help: 'When a periodic job last ended well',
      labelNames: ['job'],
    });
  }

  /** Runs the job for as long as the application lives; the first run comes within a tenth of its interval. */
  every(job: Job): void {
    if (this.jobs.has(job.name)) throw new Error(`There is already a job "${job.name}".`);
    const scheduled: ScheduledJob = { job, running: null, again: false };
    this.jobs.set(job.name, scheduled);
    if (this.started) this.first(scheduled);
  }

  /** Runs the job now, or once more after the run under way: when something has come up that it should see to. */
  wake(name: string): void {
    const scheduled = this.jobs.get(name);
    if (scheduled === undefined) throw new Error(`There is no job "${name}".`);
    if (scheduled.running === null) this.runIn(scheduled, 0);
    else scheduled.again = true;
  }

  onApplicationBootstrap(): void {
    this.started = true;
    for (const scheduled of this.jobs.values()) this.first(scheduled);
  }

  async onModuleDestroy(): Promise<void> {
    this.shutdown.abort();
    for (const name of this.jobs.keys()) this.clear(name);
    const allEnded = Promise.all([...this.jobs.values()].map(({ running }) => running ?? Promise.resolve()));
    await endedWithin(allEnded, SHUTDOWN_DEADLINE_MS);
    for (const { job, running } of this.jobs.values()) {
      if (running !== null) this.logger.warn(`Stopped while the job ${job.name} was still running.`);
    }
  }

  private first(scheduled: ScheduledJob): void {
    this.runIn(scheduled, Math.random() * 0.1 * nextInterval(scheduled.job));
  }

  private runIn(scheduled: ScheduledJob, milliseconds: number): void {
    if (this.shutdown.signal.aborted || !this.started) return;
    const { name } = scheduled.job;
    this.clear(name);
    const timer = setTimeout(() => {
      this.clear(name);
      scheduled.running = this.run(scheduled);
    }, milliseconds);
    this.registry.addTimeout(name, timer);
  }

  private async run(scheduled: ScheduledJob): Promise<void> {
    const { job } = scheduled;
    const started = Date.now();
    const interval = nextInterval(job);
    await this.attempt(job);
    scheduled.running = null;
    const pause = scheduled.again ? 0 : Math.max(0, started + interval - Date.now());
    scheduled.again = false;
    this.runIn(scheduled, pause);
  }

  private async attempt(job: Job): Promise<void> {
    const { signal } = this.shutdown;
    try {
      await job.run(signal);
      this.runs.inc({ job: job.name, outcome: 'success' });
      this.lastSuccess.setToCurrentTime({ job: job.name });
    } catch (error) {
      this.runs.inc({ job: job.name, outcome: signal.aborted ? 'aborted' : 'failure' });
      if (!signal.aborted) this.logger.error({ job: job.name, err: error });
    }
  }

  private clear(name: string): void {
    if (this.registry.doesExist('timeout', name)) this.registry.deleteTimeout(name);
  }
}

async function endedWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
