import { GatewayError } from './gateway.errors.js';

/**
 * Settles as `work` does; if `milliseconds` pass or `signal` is aborted first, calls `stop` and rejects with
 * GatewayError `Unavailable(timeout | aborted)`. `work` may then settle as it likes, nobody is listening.
 */
export async function withinDeadline<T>(
  work: Promise<T>,
  {
    milliseconds,
    signal,
    stop,
  }: { readonly milliseconds: number; readonly signal: AbortSignal; readonly stop: () => void },
): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (detail: string): void => {
    reject(new GatewayError({ kind: 'Unavailable', detail }));
    stop();
  };
  const abort = (): void => end('aborted');
  const timer = setTimeout(() => end('timeout'), milliseconds);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
