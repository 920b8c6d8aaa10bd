import { GatewayError } from '../gateway.errors.js';

/** A page of messages, of a list or of a delta round, reduced to what reading needs. */
export interface MessagePage {
  readonly items: readonly ListedMessage[];
  /** The next page of the same list or round. */
  readonly nextLink: string | null;
  /** The end of a delta round: where the next one begins. */
  readonly deltaLink: string | null;
  /** `@odata.count`, where it was asked for. */
  readonly count: number | null;
}

export interface ListedMessage {
  readonly id: string;
  /** ms; null: the item does not say. */
  readonly receivedAt: number | null;
  /** It left the folder: never a reason to delete anything here (R38). */
  readonly removed: boolean;
}

/** Reads an answer to a request for messages. Throws GatewayError where it is none. */
export function messagePage(answer: Record<string, unknown>): MessagePage {
  const { value } = answer;
  if (!Array.isArray(value)) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
  const count = answer['@odata.count'];
  return {
    items: value.map(listedMessage),
    nextLink: textOf(answer['@odata.nextLink']),
    deltaLink: textOf(answer['@odata.deltaLink']),
    count: typeof count === 'number' ? count : null,
  };
}

function listedMessage(item: unknown): ListedMessage {
  const { id, receivedDateTime, '@removed': removed } = item as Record<string, unknown>;
  if (typeof id !== 'string') throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
  const receivedAt = typeof receivedDateTime === 'string' ? Date.parse(receivedDateTime) : Number.NaN;
  return { id, receivedAt: Number.isNaN(receivedAt) ? null : receivedAt, removed: removed !== undefined };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
