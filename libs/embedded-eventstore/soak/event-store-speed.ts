/**
 * Measures an event store through the official client. After a build:
 *
 *     node dist/libs/embedded-eventstore/soak/event-store-speed.js                        embedded, in this process
 *     node dist/libs/embedded-eventstore/soak/event-store-speed.js --durability full      the same with an fsync per append
 *     node dist/libs/embedded-eventstore/soak/event-store-speed.js --own-process          embedded, in a process of its own
 *     node dist/libs/embedded-eventstore/soak/event-store-speed.js --url esdb://…         any other server
 *
 * Client and server share the machine, and much of the time is the client's. Figures of different machines, or of
 * different runs on a busy one, cannot be compared.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { END, EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';

import { startEmbeddedEventStore } from '../src/index.js';
import { startEmbeddedProcess } from './embedded-process.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    durability: { type: 'string', default: 'normal' },
    'own-process': { type: 'boolean', default: false },
  },
});

const APPENDS = 3000;
const IN_FLIGHT = 64;
const BATCH = 100;

const directory = await mkdtemp(join(tmpdir(), 'event-store-speed-'));
const server = await startServer();
const client = EventStoreDBClient.connectionString(server.url);

await append('warm-up', 300, 1);
await measure('append, one after another', APPENDS, () => append('single', APPENDS, 1));
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await measure(`append, ${IN_FLIGHT} in flight`, 2 * APPENDS, () => append('parallel', 2 * APPENDS, IN_FLIGHT));
delay.disable();
report(
  '  meanwhile this event loop late by, p50 / p99',
  `${inMs(delay.percentile(50))} / ${inMs(delay.percentile(99))} ms`,
);
await measure(`append of ${BATCH} events, events`, 200 * BATCH, () => append('batch', 200, 1, BATCH));
await measure('read a stream of 10, one after another', 1000, () => inParallel(1000, 1, readTen));
await measure('read a stream of 10, 16 in flight', 2000, () => inParallel(2000, 16, readTen));
await measure('read all, events', 20_000, readAll);
await measure('subscription catching up, events', 20_000, catchUp);
await measureLatency();

await Promise.race([client.dispose(), new Promise((resolve) => setTimeout(resolve, 2000))]);
await server.stop();
await rm(directory, { recursive: true });

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  if (values.url !== undefined) return { url: values.url, stop: async () => undefined };
  if (values['own-process']) {
    const script = fileURLToPath(new URL('../src/serve.js', import.meta.url));
    const own = await startEmbeddedProcess(script, directory);
    return { url: own.url, stop: () => own.kill() };
  }
  const durability = values.durability === 'full' ? 'full' : 'normal';
  const store = await startEmbeddedEventStore({ directory, durability, log: () => undefined });
  return { url: store.url, stop: () => store.close() };
}

async function measure(what: string, count: number, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  const perSecond = Math.round((count / (performance.now() - start)) * 1000);
  report(what, `${perSecond.toLocaleString('en')} /s`);
}

function report(what: string, figure: string): void {
  console.log(what.padEnd(48) + figure.padStart(16));
}

function inMs(nanoseconds: number): string {
  return (nanoseconds / 1e6).toFixed(1);
}

async function measureLatency(): Promise<void> {
  const subscription = client.subscribeToAll({ fromPosition: END });
  await new Promise((resolve) => subscription.once('confirmation', resolve as () => void));
  const times: number[] = [];
  for (let turn = 0; turn < 300; turn += 1) {
    const arrived = new Promise((resolve) => subscription.once('data', resolve));
    const start = performance.now();
    await append('latency', 1, 1);
    await arrived;
    times.push(performance.now() - start);
  }
  await subscription.unsubscribe();
  times.sort((a, b) => a - b);
  const [median, p99] = [0.5, 0.99].map((part) => times[Math.floor(times.length * part)]?.toFixed(1));
  report('append until a subscriber has it, p50 / p99', `${median} / ${p99} ms`);
}

/** About 300 bytes each. */
function event(number: number) {
  const data = { subject: `mail ${number}`, padding: 'x'.repeat(220) };
  return jsonEvent({ type: 'MailFound', data, metadata: { actor: 'speed' } });
}

async function append(name: string, appends: number, inFlight: number, size = 1): Promise<void> {
  await inParallel(appends, inFlight, async (number) => {
    const events = Array.from({ length: size }, (_, index) => event(index));
    await client.appendToStream(`${name}-${number % 200}`, events);
  });
}

async function readTen(number: number): Promise<void> {
  for await (const _event of client.readStream(`batch-${number % 200}`, { maxCount: 10 }));
}

async function readAll(): Promise<void> {
  for await (const _event of client.readAll({ fromPosition: START, maxCount: 20_000 }));
}

async function catchUp(): Promise<void> {
  const subscription = client.subscribeToAll({ fromPosition: START });
  let count = 0;
  for await (const _event of subscription) {
    count += 1;
    if (count < 20_000) continue;
    await subscription.unsubscribe();
    break;
  }
}

async function inParallel(count: number, inFlight: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
