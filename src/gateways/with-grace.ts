/**
 * Does the work with a signal that is aborted so long after `signal` is: for what cannot be called back and is better
 * waited for, but not for ever.
 */
export async function withGrace<T>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => late.abort(signal.reason), milliseconds);
  };
  signal.addEventListener('abort', begin, { once: true });
  try {
    return await work(late.signal);
  } finally {
    signal.removeEventListener('abort', begin);
    clearTimeout(timer);
  }
}

/** How long a mail already handed over is waited for when the service is to end. */
export const LAST_WAIT_MS = 5_000;
