import type { FetchMessageObject, FetchQueryObject, ListResponse, MailboxObject, SearchObject } from 'imapflow';
import { type VettedHost, vetMailHost } from '../../platform/security/public-address/index.js';
import { withinDeadline } from '../deadline.js';
import { GatewayError } from '../gateway.errors.js';
import { hostFailure } from '../host-failure.js';
import { assertTransmissible } from '../mail-account.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import { ImapClient } from './imap-client.js';

/** Longest polite wait for the answer to LOGOUT. */
const LOGOUT_MS = 2000;
/** Failures of one address that say nothing about the host's next one. */
const ADDRESS_FAILURES: ReadonlySet<string> = new Set(['connection_refused', 'host_unreachable', 'timeout']);

/** Longest wait for an answer on a connection that was kept; connecting anew is better than waiting for a dead one. */
const REOPEN_MS = 5000;

/** One logged-in connection with the INBOX opened by EXAMINE, which can change nothing (RFC 9051, 6.3.3). */
export class ImapConnection {
  /** How many passes it has served, the present one included. */
  passes = 1;

  private constructor(
    private readonly client: ImapClient,
    private environment: ReaderEnvironment,
    /** As it was when it was opened. */
    public inbox: MailboxObject,
  ) {}

  /**
   * Looks the host up, connects to an address that was checked, logs in and opens the INBOX, all within
   * `limits.connectMs`. Rejects with a GatewayError and leaves no connection behind then.
   */
  static async open(environment: ReaderEnvironment): Promise<ImapConnection> {
    assertTransmissible(environment.account);
    const given = new AbortController();
    const attempt = async (): Promise<ImapConnection> => {
      const verdict = await vetMailHost(environment.account, environment.network);
      if (!verdict.ok) throw new GatewayError(hostFailure(verdict.refusal));
      return ImapConnection.#openAny(environment, verdict, given.signal);
    };
    const { limits, signal } = environment;
    return withinDeadline(attempt(), { milliseconds: limits.connectMs, signal, stop: () => given.abort() });
  }

  static async #openAny(
    environment: ReaderEnvironment,
    vetted: VettedHost,
    stop: AbortSignal,
  ): Promise<ImapConnection> {
    let failure: GatewayError | undefined;
    for (const address of vetted.addresses) {
      try {
        return await ImapConnection.#openAt(address, environment, vetted, stop);
      } catch (error) {
        failure = error as GatewayError;
        const { kind } = failure.failure;
        if (kind !== 'Unavailable' || !ADDRESS_FAILURES.has(failure.failure.detail)) break;
      }
    }
    throw failure ?? new GatewayError(hostFailure('unknown_host'));
  }

  static async #openAt(
    address: string,
    environment: ReaderEnvironment,
    vetted: VettedHost,
    stop: AbortSignal,
  ): Promise<ImapConnection> {
    const client = new ImapClient(environment, vetted, address);
    const close = (): void => client.close();
    stop.addEventListener('abort', close, { once: true });
    try {
      stop.throwIfAborted();
      await client.flow.connect();
      return new ImapConnection(client, environment, await examined(client));
    } catch (error) {
      client.close();
      throw client.errorFrom(error);
    } finally {
      stop.removeEventListener('abort', close);
    }
  }

  get isUsable(): boolean {
    return this.client.isUsable;
  }

  /** Opens the INBOX again for another pass, which sees what has come since. Rejects with a GatewayError. */
  async reopen(environment: ReaderEnvironment): Promise<void> {
    this.environment = environment;
    this.passes++;
    this.inbox = await this.#within(REOPEN_MS, () => examined(this.client));
  }

  /**
   * FETCHes by UID and hands each answer to `visit` as it comes, which must not send commands. Answers may be fewer
   * than UIDs (the others are gone) and in any order. Rejects with a GatewayError.
   */
  async fetch(uids: string, query: FetchQueryObject, visit: (message: FetchMessageObject) => void): Promise<void> {
    const { batchMs, silenceMs } = this.environment.limits;
    const endWatch = this.client.watchSilence(silenceMs);
    try {
      await this.#within(batchMs, async () => {
        this.#assertUsable();
        for await (const message of this.client.flow.fetch(uids, query, { uid: true })) visit(message);
        this.#assertUsable(); // a connection that ends right behind the last answer may have ended before it as well
      });
    } finally {
      endWatch();
    }
  }

  /** UIDs of the mails of the open folder that the query fits, ascending. Rejects with a GatewayError. */
  async search(query: SearchObject): Promise<readonly number[]> {
    const found = await this.#within(this.environment.limits.silenceMs, async () => {
      this.#assertUsable();
      return this.client.flow.search(query, { uid: true });
    });
    // What the server refuses (NO, BAD) imapflow answers with false, as if nothing had been found.
    if (!Array.isArray(found)) throw new GatewayError({ kind: 'Rejected', code: 'search_refused' });
    return found.sort((a, b) => a - b);
  }

  /** Every folder that the account may see (LIST). Rejects with a GatewayError. */
  async folders(): Promise<readonly ListResponse[]> {
    return this.#within(this.environment.limits.silenceMs, () => this.client.flow.list());
  }

  /** Opens another folder in place of the INBOX, by EXAMINE too; false: the server does not let us in. */
  async examine(path: string): Promise<boolean> {
    return this.#within(this.environment.limits.silenceMs, async () => {
      this.#assertUsable();
      try {
        await this.client.flow.mailboxOpen(path, { readOnly: true });
        return true;
      } catch (error) {
        if (!this.client.flow.usable) throw error;
        // A failed EXAMINE leaves no folder open (RFC 3501, 6.3.2); the INBOX keeps the connection usable.
        await examined(this.client);
        return false;
      }
    });
  }

  /** Says goodbye if the server still listens, and ends the connection. Never rejects. */
  async close(): Promise<void> {
    if (this.isUsable && !this.environment.signal.aborted) {
      // the answer does not matter: the connection is given up either way
      await this.#within(LOGOUT_MS, () => this.client.flow.logout()).catch(() => undefined);
    }
    this.client.close();
  }

  async #within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
    const { signal } = this.environment;
    try {
      return await withinDeadline(work(), { milliseconds, signal, stop: () => this.client.close() });
    } catch (error) {
      if (error instanceof GatewayError) this.client.close(); // ours: the answer's rest is not wanted any more
      throw this.client.errorFrom(error);
    }
  }

  #assertUsable(): void {
    if (!this.isUsable) throw new GatewayError({ kind: 'Unavailable', detail: 'connection_lost' });
  }
}

async function examined({ flow }: ImapClient): Promise<MailboxObject> {
  const inbox = (await flow.mailboxOpen('INBOX', { readOnly: true })) as MailboxObject | undefined;
  if (!inbox?.uidValidity) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
  return inbox;
}
