import { GatewayError } from './gateway.errors.js';

/** How a protocol fetches mails; `Id` is what it calls a mail by. Both methods reject with GatewayErrors. */
export interface SourceFetcher<Id> {
  /** Hands over what the server gives, in any order, and leaves the rest out. Rejects when the connection breaks. */
  together(ids: readonly Id[], take: (id: Id, source: Buffer) => void): Promise<void>;
  /** One mail, on a new connection if the last one is gone; null if it is no longer in the INBOX. */
  alone(id: Id): Promise<Buffer | null>;
}

/** What became of each mail asked for; those in neither map are no longer in the INBOX. */
export interface FetchedSources<Id> {
  readonly sources: ReadonlyMap<Id, Buffer>;
  /** Why a mail cannot be had. */
  readonly unreadable: ReadonlyMap<Id, string>;
}

const TRIES = 3;
/** When none of so many mails can be read it is the server that is ill, not the mails. */
const SUSPICIOUSLY_MANY = 5;

/**
 * Fetches the sources of a batch. Mails that the server does not hand over with the others are asked for one by one,
 * three times: one bad mail neither stops the mailbox nor is lost. Rejects with a GatewayError when it is not one
 * mail's fault.
 */
export async function fetchSources<Id>(fetcher: SourceFetcher<Id>, ids: readonly Id[]): Promise<FetchedSources<Id>> {
  const sources = new Map<Id, Buffer>();
  const unreadable = new Map<Id, string>();
  try {
    if (ids.length > 0) await fetcher.together(ids, (id, source) => sources.set(id, source));
  } catch (error) {
    if (!mayBeOneMailsFault(error)) throw error;
  }
  let failure: unknown;
  for (const id of ids.filter((wanted) => !sources.has(wanted))) {
    const outcome = await tryAlone(fetcher, id);
    if (outcome instanceof Buffer) sources.set(id, outcome);
    else if (outcome instanceof GatewayError) {
      failure = outcome;
      unreadable.set(id, reasonOf(outcome));
    }
  }
  if (unreadable.size === ids.length && ids.length >= SUSPICIOUSLY_MANY) throw failure;
  return { sources, unreadable };
}

/** The source; null if the mail is gone; the last try's failure if it cannot be read. */
async function tryAlone<Id>(fetcher: SourceFetcher<Id>, id: Id): Promise<Buffer | null | GatewayError> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetcher.alone(id);
    } catch (error) {
      if (!mayBeOneMailsFault(error)) throw error;
      if (attempt === TRIES) return error;
    }
  }
}

/** Lost connections and refused commands may be; a server that cannot be reached, a limit, an end by us are not. */
export function mayBeOneMailsFault(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError)) return false;
  const { failure } = error;
  if (failure.kind === 'Unavailable') return ONE_MAILS_FAULT.has(failure.detail);
  return failure.kind === 'MessageUnreadable';
}

const ONE_MAILS_FAULT: ReadonlySet<string> = new Set([
  'connection_lost',
  'timeout',
  'protocol_error',
  'command_refused',
  'server_error',
]);

/** Why a mail cannot be had, in a word. */
export function reasonOf({ failure }: GatewayError): string {
  return 'detail' in failure ? failure.detail : failure.kind;
}
