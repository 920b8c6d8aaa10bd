import { mkdtemp, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type AppendToStreamOptions,
  DeadlineExceededError,
  EventStoreDBClient,
  NO_STREAM,
} from '@eventstore/db-client';
import { describe, expect, it, onTestFinished } from 'vitest';

import { startCompiledStore } from './compiled-store.js';
import { mailFound } from './mailbox-events.js';
import { labelsIn } from './taking.js';

const canFreeze = platform() !== 'win32';
const title = canFreeze ? 'a server that does not answer' : 'a server that does not answer (skipped: no SIGSTOP here)';

describe.skipIf(!canFreeze)(title, () => {
  it('fails an append with credentials at its deadline; the same events again are there once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'event-store-frozen-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const server = await startCompiledStore(directory);
    onTestFinished(() => server.kill());
    const client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream('connected-1', mailFound('so that a connection exists'));
    const options: AppendToStreamOptions = {
      expectedRevision: NO_STREAM,
      deadline: 1000,
      // Without credentials the client appends on its BatchAppend stream, where a deadline is only the server's.
      credentials: { username: 'admin', password: 'changeit' },
    };
    const mail = mailFound('once');
    server.freeze();
    await expect(client.appendToStream('mailbox-1', mail, options)).rejects.toBeInstanceOf(DeadlineExceededError);
    server.thaw();
    await client.appendToStream('mailbox-1', mail, { ...options, deadline: 20_000 });
    expect(await labelsIn(client, 'mailbox-1')).toEqual(['once']);
  });
});
