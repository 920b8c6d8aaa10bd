/** The thread in which an embedded store runs; started by `embedded-store.ts`. */
import { startEmbeddedEventStore } from '@libs/embedded-eventstore';
import { startEmbeddedMongo } from '@libs/embedded-mongo';
import { parentPort, workerData } from 'node:worker_threads';
import { type StoreOfThread, type ThreadMessage } from './embedded-store.js';

if (parentPort === null) throw new Error('This runs in a worker thread only.');
const port = parentPort;
const tell = (message: ThreadMessage): void => port.postMessage(message);

try {
  const { kind, directory } = workerData as StoreOfThread;
  const store = await (kind === 'events' ? startEmbeddedEventStore({ directory }) : startEmbeddedMongo({ directory }));
  port.once('message', () => void store.close().then(() => tell({ kind: 'closed' })));
  tell({ kind: 'started', url: store.url });
} catch (failure) {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  tell({ kind: 'failed', error, code: 'code' in error ? String(error.code) : null });
  port.close();
}
