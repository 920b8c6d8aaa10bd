import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Shorter than the patience of any client or proxy with an answer that does not begin (commonly a minute or more). */
const PATIENCE_MS = 15_000;

/**
 * The answer itself where it comes soon, so that a refusal keeps its status. Where it takes longer, a stream that
 * begins now: blanks, which JSON allows before a value (RFC 8259, 2), and then the answer as JSON. A failure after that
 * ends the stream without any value.
 */
export async function answerInTime<Answer extends object>(
  answer: Promise<Answer>,
  patienceMs = PATIENCE_MS,
): Promise<Answer | Readable> {
  const soon = await within(answer, patienceMs);
  return soon ?? Readable.from(blanksUntil(answer, patienceMs), { objectMode: false });
}

async function* blanksUntil(answer: Promise<object>, patienceMs: number): AsyncGenerator<string> {
  for (;;) {
    yield ' ';
    const come = await within(answer, patienceMs);
    if (come === null) continue;
    yield JSON.stringify(come);
    return;
  }
}

/** The answer, or null when it does not come within this time. */
async function within<Answer extends object>(answer: Promise<Answer>, milliseconds: number): Promise<Answer | null> {
  const ending = new AbortController();
  const waiting = sleep(milliseconds, null, { signal: ending.signal }).catch(() => null); // ended below
  try {
    return await Promise.race([answer, waiting]);
  } finally {
    ending.abort();
  }
}
