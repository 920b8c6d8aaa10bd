import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Which store a thread runs, and where that keeps its data. */
export interface StoreOfThread {
  readonly kind: 'events' | 'documents';
  readonly directory: string;
}

/** What the thread says to whoever started it. */
export type ThreadMessage =
  | { readonly kind: 'started'; readonly url: string }
  /** An error's class and fields do not survive the way, so its code goes beside it. */
  | { readonly kind: 'failed'; readonly error: Error; readonly code: string | null }
  | { readonly kind: 'closed' };

/** A store that runs. */
export interface EmbeddedStore {
  readonly url: string;
  close(): Promise<void>;
}

const THREAD = new URL('embedded-store.thread.js', import.meta.url);

/**
 * Starts an embedded store in a thread of its own, so that requests are answered while it works (docs/adr/0070).
 * @throws Error with the store's own message and `code`: a directory that is in use, a file that is damaged
 */
export async function startEmbeddedStore(store: StoreOfThread): Promise<EmbeddedStore> {
  const worker = new Worker(THREAD, { workerData: store });
  const exited = once(worker, 'exit');
  const started = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<void>();
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'started') started.resolve(message.url);
    else if (message.kind === 'closed') closed.resolve();
    else started.reject(Object.assign(message.error, { code: message.code }));
  });
  // Without its stores the service is nothing: what ends the thread ends the process, as it would without a thread.
  worker.on('error', (error) => {
    throw error;
  });
  try {
    const url = await started.promise;
    const close = async () => {
      worker.postMessage('close');
      await closed.promise;
      await worker.terminate();
    };
    return { url, close };
  } catch (error) {
    await exited;
    throw error;
  }
}
