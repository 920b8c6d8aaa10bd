/**
 * Yields what `source` yields, while already asking it for the next value: the server works on one batch while the
 * caller works on the one before. At most one value waits. When the caller stops early, `abandon` is called to cut
 * short what `source` is busy with, and `source` is ended.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T, undefined>, abandon: () => void): AsyncGenerator<T> {
  let next = ask(source);
  let isFinished = false;
  try {
    for (;;) {
      const { done, value } = await next;
      isFinished = done === true;
      if (done) return;
      next = ask(source);
      yield value;
    }
  } finally {
    if (!isFinished) abandon();
    await source.return(undefined);
  }
}

/** A failure is thrown where the value is awaited; until then, or if nobody will, it is not an unhandled one. */
function ask<T>(source: AsyncGenerator<T, undefined>): Promise<IteratorResult<T, undefined>> {
  const next = source.next();
  next.catch(() => undefined);
  return next;
}
