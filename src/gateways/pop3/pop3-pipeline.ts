import { Pop3Refusal, type Pop3Session } from './pop3-session.js';

/** Requests that may be on their way at once, where the server allows any (RFC 2449, 6.6: PIPELINING). */
const DEPTH = 20;

export interface Pipeline<T> {
  readonly items: readonly T[];
  /** Sends the request for an item: one that readText answers. */
  readonly request: (item: T) => void;
  /** Takes the answer, or that there is none. */
  readonly take: (item: T, answer: Buffer | Pop3Refusal) => void;
  /** Longest answer, in bytes. */
  readonly maxBytes: number;
}

/** Asks for many texts without waiting for each before asking for the next; at 50 ms a round trip that is everything. */
export async function pipelined<T>(
  session: Pop3Session,
  capabilities: ReadonlySet<string>,
  { items, request, take, maxBytes }: Pipeline<T>,
): Promise<void> {
  const depth = capabilities.has('PIPELINING') ? DEPTH : 1;
  let sent = 0;
  for (const [index, item] of items.entries()) {
    for (; sent < Math.min(items.length, index + depth); sent++) {
      const next = items[sent];
      if (next !== undefined) request(next);
    }
    take(item, await answered(session, maxBytes));
  }
}

async function answered(session: Pop3Session, maxBytes: number): Promise<Buffer | Pop3Refusal> {
  try {
    return await session.readText(maxBytes);
  } catch (error) {
    if (error instanceof Pop3Refusal) return error;
    throw error;
  }
}
