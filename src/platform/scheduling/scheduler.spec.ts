import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '../observability/metrics.js';
import { nextInterval } from './job.js';
import { Scheduler } from './scheduler.js';

const MINUTE = 60_000;

/** A job whose runs end when the test says so. */
function heldJob(name = 'polling') {
  const runs: { readonly signal: AbortSignal; end(): void; fail(error: Error): void }[] = [];
  const run = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => runs.push({ signal, end: resolve, fail: reject }));
  return { job: { name, milliseconds: MINUTE, run }, runs };
}

describe('the scheduler', () => {
  let metrics: Metrics;
  let scheduler: Scheduler;

  beforeEach(() => {
    vi.useFakeTimers();
    Logger.overrideLogger(false);
    metrics = new Metrics();
    scheduler = new Scheduler(new SchedulerRegistry(), metrics);
  });
  afterEach(() => {
    vi.useRealTimers();
    Logger.overrideLogger(true);
  });
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  const runsCounted = async (outcome: string) => {
    const { values } = await metrics.registry.getSingleMetric('hrbc_mail_job_runs_total')!.get();
    return values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
  };

  it('runs nothing before the application is up', async () => {
    const run = vi.fn(() => Promise.resolve());
    scheduler.every({ name: 'polling', milliseconds: MINUTE, run });
    await pass(10 * MINUTE);
    expect(run).not.toHaveBeenCalled();
  });

  it('runs a job within a tenth of its interval, and then again and again', async () => {
    const run = vi.fn(() => Promise.resolve());
    scheduler.every({ name: 'polling', milliseconds: MINUTE, run });
    scheduler.onApplicationBootstrap();
    await pass(0.11 * MINUTE);
    expect(run).toHaveBeenCalledTimes(1);
    await pass(10 * MINUTE);
    expect(run.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(run.mock.calls.length).toBeLessThanOrEqual(12);
    expect(await runsCounted('success')).toBe(run.mock.calls.length);
  });

  it('asks for the interval before each run', async () => {
    let interval = MINUTE;
    const run = vi.fn(() => Promise.resolve());
    scheduler.every({ name: 'polling', milliseconds: () => interval, run });
    scheduler.onApplicationBootstrap();
    await pass(0.11 * MINUTE);
    interval = 60 * MINUTE;
    await pass(2 * MINUTE);
    const before = run.mock.calls.length;
    await pass(30 * MINUTE);
    expect(run.mock.calls.length).toBe(before);
  });

  it('never runs a job beside itself, and catches up at once when a run took too long', async () => {
    const { job, runs } = heldJob();
    scheduler.every(job);
    scheduler.onApplicationBootstrap();
    await pass(5 * MINUTE);
    expect(runs).toHaveLength(1);
    runs[0]!.end();
    await pass(0);
    expect(runs).toHaveLength(2);
  });

  it('counts a run that fails and goes on', async () => {
    const { job, runs } = heldJob();
    scheduler.every(job);
    scheduler.onApplicationBootstrap();
    await pass(0.11 * MINUTE);
    runs[0]!.fail(new Error('the store is away'));
    await pass(1.2 * MINUTE);
    expect(runs).toHaveLength(2);
    expect(await runsCounted('failure')).toBe(1);
  });

  it('counts a job that throws before it has begun to wait', async () => {
    scheduler.every({
      name: 'polling',
      milliseconds: MINUTE,
      run: () => {
        throw new Error('a mistake');
      },
    });
    scheduler.onApplicationBootstrap();
    await pass(0.11 * MINUTE);
    expect(await runsCounted('failure')).toBe(1);
  });

  it('runs a job at once when it is woken, and once more when it was running', async () => {
    const { job, runs } = heldJob();
    scheduler.every(job);
    scheduler.onApplicationBootstrap();
    scheduler.wake('polling');
    await pass(0);
    expect(runs).toHaveLength(1);
    scheduler.wake('polling');
    scheduler.wake('polling');
    await pass(0);
    expect(runs).toHaveLength(1);
    runs[0]!.end();
    await pass(0);
    expect(runs).toHaveLength(2);
    runs[1]!.end();
    await pass(0.5 * MINUTE);
    expect(runs).toHaveLength(2);
  });

  it('knows each job once', () => {
    scheduler.every(heldJob().job);
    expect(() => scheduler.every(heldJob().job)).toThrow('already a job "polling"');
    expect(() => scheduler.wake('importing')).toThrow('no job "importing"');
  });

  it('tells running jobs to end, waits for them, and runs nothing afterwards', async () => {
    const { job, runs } = heldJob();
    scheduler.every(job);
    scheduler.onApplicationBootstrap();
    await pass(0.11 * MINUTE);
    let closed = false;
    const closing = scheduler.onModuleDestroy().then(() => (closed = true));
    expect(runs[0]!.signal.aborted).toBe(true);
    await pass(5_000);
    expect(closed).toBe(false);
    runs[0]!.fail(new DOMException('The poll was interrupted', 'AbortError'));
    await closing;
    await pass(10 * MINUTE);
    expect(runs).toHaveLength(1);
    expect([await runsCounted('aborted'), await runsCounted('failure')]).toEqual([1, 0]);
  });

  it('waits ten seconds at most', async () => {
    scheduler.every(heldJob().job);
    scheduler.onApplicationBootstrap();
    await pass(0.11 * MINUTE);
    let closed = false;
    const closing = scheduler.onModuleDestroy().then(() => (closed = true));
    await pass(9_999);
    expect(closed).toBe(false);
    await pass(1);
    await closing;
  });
});

describe('the interval to the next run', () => {
  it.each([
    [0, 54_000],
    [0.5, 60_000],
    [1, 66_000],
  ])('is within a tenth of the asked one (%s)', (random, expected) => {
    const { job } = heldJob();
    expect(nextInterval(job, () => random)).toBe(expected);
    expect(nextInterval({ ...job, milliseconds: () => MINUTE }, () => random)).toBe(expected);
  });
});
