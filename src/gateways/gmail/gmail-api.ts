import { gmail, type gmail_v1 } from '@googleapis/gmail';
import { GatewayError } from '../gateway.errors.js';
import type { Clock, GmailAccount, GmailEndpoint } from './gmail-account.js';
import { gmailFailure } from './gmail-failure.js';
import { UNITS } from './gmail-prices.js';
import { gmailProblem } from './gmail-problem.js';
import { waitBeforeRetry } from './gmail-retry.js';
import { systemClock } from './system-clock.js';

export type GmailClient = gmail_v1.Gmail;

/** What every request is made with. */
export interface CallOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly retry: false;
  readonly fetchImplementation: typeof fetch;
}

/** One request: what it costs, and how it is made. */
export interface GmailCall<T> {
  readonly units: number;
  readonly ask: (client: GmailClient, options: CallOptions) => Promise<{ readonly data: T }>;
}

interface Options {
  readonly account: Pick<GmailAccount, 'tokens' | 'quota'>;
  readonly endpoint: GmailEndpoint;
  readonly signal: AbortSignal;
  /** The longest a single answer may take (ms). */
  readonly requestMs: number;
  /** Quota units of a minute that are left to others. Default: 0. */
  readonly leaving?: number;
}

/**
 * Speaks to the Gmail API for one mailbox: within its quota, patiently, and failing with GatewayErrors only. The client
 * library makes addresses and parameters; its retries are off, because they know neither quota nor signal, and its
 * errors end here, because they carry the access token.
 */
export class GmailApi {
  readonly #client: GmailClient;
  readonly #options: Options;
  readonly clock: Clock;

  constructor(options: Options) {
    this.#options = options;
    this.clock = options.endpoint.clock ?? systemClock;
    // With a slash at its end: the library resolves paths against it.
    this.#client = gmail({ version: 'v1', rootUrl: `${options.endpoint.url}/` });
  }

  get prices() {
    return this.#options.account.quota.prices;
  }

  /** For requests that change nothing: tried again where that can help. */
  async read<T>(call: GmailCall<T>): Promise<T> {
    const { signal, account } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(call);
      if ('data' in outcome) return outcome.data;
      const failed = signal.aborted ? aborted() : outcome.failed;
      const wait = waitBeforeRetry(failed.failure, attempt, outcome.askedFor);
      if (wait === null) {
        if (failed.failure.kind === 'RateLimited' && !failed.failure.paced)
          account.quota.close(failed.failure.retryAfterMs);
        throw failed;
      }
      await this.clock.pause(wait, signal);
    }
  }

  /** For requests that change something: once, whatever happens. */
  async once<T>(call: GmailCall<T>): Promise<T> {
    const outcome = await this.#attempt(call);
    if ('data' in outcome) return outcome.data;
    throw outcome.failed;
  }

  /** A token may end before its time (revoked, password changed): then once more with a new one. */
  async #attempt<T>(call: GmailCall<T>): Promise<Outcome<T>> {
    const { tokens } = this.#options.account;
    try {
      const token = await tokens.current();
      const outcome = await this.#ask(call, token);
      const isRefused = 'failed' in outcome && outcome.failed.failure.kind === 'AuthorizationLost';
      return isRefused ? await this.#ask(call, await tokens.renewed(token)) : outcome;
    } catch (error) {
      if (error instanceof GatewayError) return { failed: error, askedFor: null };
      throw error;
    }
  }

  async #ask<T>({ units, ask }: GmailCall<T>, token: string): Promise<Outcome<T>> {
    const { account, signal, requestMs, leaving } = this.#options;
    account.quota.take(units, leaving);
    try {
      const { data } = await ask(this.#client, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
        retry: false,
        fetchImplementation: fetch,
      });
      // What is no JSON comes as text: an answer cut short, or a proxy's page.
      if (typeof data === 'object' && data !== null) return { data };
      return { failed: new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' }), askedFor: null };
    } catch (error) {
      const problem = gmailProblem(error, this.clock.now());
      return { failed: new GatewayError(gmailFailure(problem)), askedFor: problem.retryAfterMs };
    }
  }

  /** The address of the mailbox, and where its history stands. */
  async profile(): Promise<{ readonly address: string; readonly historyId: string }> {
    const { emailAddress, historyId } = await this.read({
      units: UNITS.getProfile,
      ask: (client, options) => client.users.getProfile({ userId: 'me' }, options),
    });
    return { address: mustBeText(emailAddress), historyId: mustBeText(historyId) };
  }
}

type Outcome<T> = { readonly data: T } | { readonly failed: GatewayError; readonly askedFor: number | null };

const aborted = (): GatewayError => new GatewayError({ kind: 'Unavailable', detail: 'aborted' });

/** For fields that Gmail always gives, though the library's types do not promise it. */
export function mustBeText(value: string | null | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
}
