import { mayBeOneMailsFault, reasonOf } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import { inOrder } from '../in-order.js';
import type { ReaderLimits } from '../reader-limits.js';
import type { GraphConnection } from './graph-connection.js';
import { mailSource } from './graph-paths.js';

/** What became of a mail asked for. `gone`: its owner has deleted it meanwhile (R39). */
export type Sourced =
  | { readonly kind: 'mail'; readonly source: Buffer }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly failure: GatewayError }
  | { readonly kind: 'gone' };

/** Graph carries out four requests at once; as many more may be pausing before another try. */
const AT_ONCE = 8;
/** Small mails that wait for a slow one before them. */
const AHEAD = 64;
/** Of one mail, each with tries of its own: its MIME is made anew at every reading, and Graph may fail in it. */
const TRIES = 3;
/** When so many in a row cannot be read, or all of a few, it is the server that is ill and not the mails. */
const SUSPICIOUS_IN_A_ROW = 8;
const SUSPICIOUS_OF_ALL = 5;

/**
 * Fetches mails in order, as many at once as the mailbox allows. One that Graph cannot write is reported, not thrown.
 * Sizes are not known beforehand: beside what the caller has taken there are at most `batchBytes` and the mails under way
 * in memory.
 */
export async function* graphSources(
  connection: GraphConnection,
  ids: readonly string[],
  { mailBytes, batchBytes }: Pick<ReaderLimits, 'mailBytes' | 'batchBytes'>,
): AsyncGenerator<Sourced, undefined> {
  const unreadable: Extract<Sourced, { kind: 'unreadable' }>[] = [];
  let isAnswering = false;
  const limits = { atOnce: AT_ONCE, ahead: AHEAD, weight: batchBytes, weightOf };
  for await (const sourced of inOrder(ids, async (id) => sourceOf(connection, id, mailBytes), limits)) {
    if (sourced.kind === 'unreadable') {
      unreadable.push(sourced);
      if (unreadable.length >= SUSPICIOUS_IN_A_ROW) throw sourced.failure;
      continue;
    }
    isAnswering = true;
    yield* unreadable.splice(0);
    yield sourced;
  }
  const [first] = unreadable;
  if (first && !isAnswering && unreadable.length >= SUSPICIOUS_OF_ALL) throw first.failure;
  yield* unreadable;
}

async function sourceOf(connection: GraphConnection, id: string, mailBytes: number): Promise<Sourced> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { kind: 'mail', source: await connection.bytes(mailSource(id), mailBytes) };
    } catch (error) {
      if (isGone(error)) return { kind: 'gone' };
      if (!mayBeOneMailsFault(error)) throw error;
      // Too large today is too large in a moment.
      const isFinal = attempt === TRIES || error.failure.kind === 'MessageUnreadable';
      if (isFinal) return { kind: 'unreadable', reason: reasonOf(error), failure: error };
    }
  }
}

const weightOf = (sourced: Sourced): number => (sourced.kind === 'mail' ? sourced.source.length : 0);

/** The mail is not there any more: deleted by its owner, or by another program (R39). */
export function isGone(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { failure } = error;
  return failure.kind === 'Rejected' && ['ErrorItemNotFound', 'http_404'].includes(failure.code);
}
