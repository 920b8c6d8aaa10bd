import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  END,
  EventStoreDBClient,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  UnavailableError,
  UnsupportedError,
} from '@eventstore/db-client';
import { type EmbeddedEventStore, startEmbeddedEventStore } from '@libs/embedded-eventstore';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { mailFound } from './mailbox-events.js';
import { all, announced, failureOf, labelsIn } from './taking.js';

/** gRPC's status for "there is no such method here". */
const UNIMPLEMENTED = 12;

describe('the surface of the embedded event store', () => {
  let directory: string;
  let store: EmbeddedEventStore;
  let client: EventStoreDBClient;
  const said: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'event-store-surface-'));
    store = await startEmbeddedEventStore({ directory, log: (line) => said.push(line) });
    client = EventStoreDBClient.connectionString(store.url);
  });
  afterAll(async () => {
    await client.dispose();
    await store.close();
    await rm(directory, { recursive: true });
  });

  it('says at the start what it is for, and where', () => {
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('for trying, developing and testing, not for production');
    expect(said[0]).toContain(directory);
    expect(said[0]).toContain(store.url);
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

  it.skipIf(outside === undefined)(
    outside
      ? `cannot be reached at ${outside}`
      : 'cannot be reached from outside (skipped: no other network interface)',
    async () => {
      const socket = connect({ host: outside ?? '', port: Number(new URL(store.url).port) });
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');
    },
  );

  it.each([
    ['discovery', () => store.url.replace('esdb://', 'esdb+discover://')],
    ['several hosts', () => store.url.replace(/(127\.0\.0\.1:\d+)/, '$1,$1')],
    ['credentials, which it ignores', () => store.url.replace('esdb://', 'esdb://admin:changeit@')],
  ])('can be reached by %s', async (_name, url) => {
    const other = EventStoreDBClient.connectionString(url());
    await other.appendToStream(`found-${_name}`, mailFound('mail'));
    expect(await labelsIn(other, `found-${_name}`)).toEqual(['mail']);
    await other.dispose();
  });

  it.each([
    [
      'persistent subscriptions to a stream',
      () => client.createPersistentSubscriptionToStream('s', 'g', persistentSubscriptionToStreamSettingsFromDefaults()),
    ],
    [
      'persistent subscriptions to all',
      () => client.createPersistentSubscriptionToAll('g', persistentSubscriptionToAllSettingsFromDefaults()),
    ],
    ['projections', () => client.createProjection('p', 'fromAll()')],
    ['projection states', () => client.getProjectionState('p')],
    ['link resolution in reads', () => all(client.readStream('s', { resolveLinkTos: true }))],
    ['link resolution in subscriptions', () => all(client.subscribeToAll({ resolveLinkTos: true }))],
  ])('refuses %s as not implemented', async (_name, attempt) => {
    const failure = await attempt().catch((error: unknown) => error);
    // What the server does not list among its methods, the client may refuse by itself.
    const refused = failure instanceof UnsupportedError || (failure as { code?: number }).code === UNIMPLEMENTED;
    expect(refused, String(failure)).toBe(true);
  });

  it('refuses a position that no event has', async () => {
    const { position } = await client.appendToStream('mailbox-1', mailFound('mail'));
    const beside = { commit: (position?.commit ?? 0n) - 1n, prepare: (position?.commit ?? 0n) - 1n };
    await expect(all(client.readAll({ fromPosition: beside }))).rejects.toThrow(/is not the position of an event/);
    const failure = await failureOf(client.subscribeToAll({ fromPosition: beside }));
    expect(String(failure)).toMatch(/is not the position of an event/);
  });

  it('ends calls under way when it closes, and closing twice is once', async () => {
    const ownDirectory = await mkdtemp(join(tmpdir(), 'event-store-closing-'));
    onTestFinished(() => rm(ownDirectory, { recursive: true }));
    const own = await startEmbeddedEventStore({ directory: ownDirectory, log: () => undefined });
    const ownClient = EventStoreDBClient.connectionString(own.url);
    const subscription = ownClient.subscribeToAll({ fromPosition: END });
    const failure = failureOf(subscription);
    await announced(subscription, 'confirmation');
    await Promise.all([own.close(), own.close()]);
    expect(await failure).toBeInstanceOf(UnavailableError);
  });
});
