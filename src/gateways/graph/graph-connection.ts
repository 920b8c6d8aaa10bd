import { AuthenticationHandler, Client, HTTPMessageHandler, ResponseType } from '@microsoft/microsoft-graph-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../gateway.errors.js';
import type { AccessTokens } from '../oauth-account.js';
import { graphFailure, postFailure } from './graph-failure.js';
import { problemOfAnswer, problemOfError } from './graph-problem.js';
import { forOneMail, type Patience, waitBeforeRetry } from './graph-retry.js';
import type { RequestLanes } from './request-lanes.js';
import { LAST_WAIT_MS, withGrace } from '../with-grace.js';

/** Where Graph is, and what all mailboxes share. */
export interface GraphEndpoint {
  /** `https://graph.microsoft.com` */
  readonly url: string;
  readonly lanes: RequestLanes;
  readonly patience: Patience;
}

export interface GraphConnectionOptions {
  readonly endpoint: GraphEndpoint;
  /** Tenant and object id. */
  readonly mailbox: string;
  readonly tokens: AccessTokens;
  readonly signal: AbortSignal;
  /** The longest a single answer may take (ms). Default: a minute. */
  readonly requestMs?: number;
  /** Instead of the endpoint's. */
  readonly patience?: Patience;
}

/** Ids that survive a move inside the mailbox; to be asked for on every call (outlook-immutable-id.md). */
const IMMUTABLE_IDS = 'IdType="ImmutableId"';
const VERSION = 'v1.0';

/**
 * Reads from Microsoft Graph for one mailbox: within its limits, patiently, and failing with GatewayErrors only.
 *
 * The client library's own middleware is left out where it is harmful here: its retry handler repeats POSTs and sleeps
 * for minutes, and it knows no time limit. Its authentication handler stays: it signs https requests to this one host
 * and no other.
 */
export class GraphConnection {
  readonly #options: GraphConnectionOptions;
  readonly #host: string;

  constructor(options: GraphConnectionOptions) {
    this.#options = options;
    this.#host = new URL(options.endpoint.url).hostname.toLowerCase();
  }

  get #patience(): Patience {
    return this.#options.patience ?? this.#options.endpoint.patience;
  }

  /** Whether a link leads to where tokens may go. */
  isOwn(link: string): boolean {
    return URL.canParse(link) && new URL(link).origin === new URL(this.#options.endpoint.url).origin;
  }

  /**
   * The JSON at a path (`/me?$select=id`) or a link of an earlier answer, which is followed as it is.
   * @param prefer preferences besides immutable ids (RFC 7240)
   */
  async json(pathOrLink: string, prefer: readonly string[] = []): Promise<Record<string, unknown>> {
    const preferences = [IMMUTABLE_IDS, ...prefer].join(', ');
    return this.#patiently(async (client) => {
      const answer: unknown = await (await this.#answer(client, pathOrLink, preferences)).json();
      if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>;
      throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
    });
  }

  /**
   * The bytes at a path, exactly: as text the library would decode them and destroy 8-bit mail.
   * @throws GatewayError `MessageUnreadable(too_large)` beyond `most` bytes
   */
  async bytes(path: string, most: number): Promise<Buffer> {
    return this.#patiently(
      async (client) => collect((await this.#answer(client, path, IMMUTABLE_IDS)).body, path, most),
      forOneMail(this.#patience),
    );
  }

  /** The header of the mail whose source is at this path, byte for byte as Latin-1; the rest of it is not waited for. */
  async header(path: string): Promise<string> {
    return this.#patiently(
      async (client) => headOf((await this.#answer(client, path, IMMUTABLE_IDS)).body),
      forOneMail(this.#patience),
    );
  }

  /**
   * Posts a text, once: what a POST has done nobody knows, so it is not repeated, except after a 401, which did nothing.
   * @param before called right before the request leaves; where it rejects, nothing leaves
   */
  async postOnce(path: string, text: string, before: () => Promise<void>): Promise<void> {
    const { endpoint, mailbox, signal, requestMs = 60_000 } = this.#options;
    const post = async (client: Client, patient: AbortSignal): Promise<void> => {
      await before();
      const answer = (await client
        .api(path)
        .header('Content-Type', 'text/plain')
        .option('signal', AbortSignal.any([patient, AbortSignal.timeout(requestMs)]))
        .responseType(ResponseType.RAW)
        .post(text)) as Response;
      if (!answer.ok) throw new GatewayError(postFailure(await problemOfAnswer(answer)));
      await answer.body?.cancel();
    };
    await endpoint.lanes.run(mailbox, signal, () =>
      withGrace(signal, LAST_WAIT_MS, async (patient) => this.#signed(async (client) => post(client, patient))),
    );
  }

  /** An answer of 2xx. RAW, because of others the library drops the headers, and with them Retry-After. */
  async #answer(client: Client, pathOrLink: string, prefer: string): Promise<Response> {
    if (!pathOrLink.startsWith('/') && !this.isOwn(pathOrLink)) {
      throw new GatewayError({ kind: 'Unknown', detail: 'foreign_link' });
    }
    const { signal, requestMs = 60_000 } = this.#options;
    const answer = (await client
      .api(pathOrLink)
      .header('Prefer', prefer)
      .option('signal', AbortSignal.any([signal, AbortSignal.timeout(requestMs)]))
      .responseType(ResponseType.RAW)
      .get()) as Response;
    if (!answer.ok) throw new GatewayError(graphFailure(await problemOfAnswer(answer)));
    return answer;
  }

  async #patiently<T>(ask: (client: Client) => Promise<T>, patience = this.#patience): Promise<T> {
    const { endpoint, mailbox, signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await endpoint.lanes.run(mailbox, signal, () => this.#signed(ask));
      } catch (error) {
        const failed = signal.aborted ? aborted() : toGatewayError(error);
        const wait = waitBeforeRetry(failed.failure, attempt, patience);
        if (wait === null) throw failed;
        if (failed.failure.kind === 'RateLimited') endpoint.lanes.close(mailbox, wait);
        await sleep(wait, undefined, { signal }).catch(() => undefined); // the next round says that it was aborted
      }
    }
  }

  /** A token may end before its time (revoked, keys rolled): then once more with a new one. */
  async #signed<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    const { tokens } = this.#options;
    const token = await tokens.current();
    try {
      return await this.#answered(token, ask);
    } catch (error) {
      if (toGatewayError(error).failure.kind !== 'AuthorizationLost') throw error;
      return this.#answered(await tokens.renewed(token), ask);
    }
  }

  async #answered<T>(token: string, ask: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#client(token));
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw new GatewayError(graphFailure(problemOfError(error)));
    }
  }

  #client(token: string): Client {
    // A constant provider: an error thrown in there would come out as a GraphError without its kind.
    const signer = new AuthenticationHandler({ getAccessToken: async () => token });
    signer.setNext(new HTTPMessageHandler());
    return Client.initWithMiddleware({
      baseUrl: `${this.#options.endpoint.url}/`,
      defaultVersion: VERSION,
      customHosts: new Set([this.#host]),
      middleware: signer,
    });
  }
}

/** Reads a body to its end. A fetch's stream that is cut off fails with a TypeError, which #answered understands. */
async function collect(body: ReadableStream<Uint8Array> | null, locator: string, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > most) throw new GatewayError({ kind: 'MessageUnreadable', locator, detail: 'too_large' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const END_OF_HEADER = /\r?\n\r?\n/;

/** Up to the empty line. A stream that ends before it was cut off: half a header would prove the absence of nothing. */
async function headOf(body: ReadableStream<Uint8Array> | null): Promise<string> {
  let head = '';
  for await (const part of body ?? []) {
    head += Buffer.from(part).toString('latin1');
    const end = END_OF_HEADER.exec(head);
    if (end) return head.slice(0, end.index + 1);
  }
  throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
}

const aborted = (): GatewayError => new GatewayError({ kind: 'Unavailable', detail: 'aborted' });

/** Whatever is none yet was thrown here, while waiting for a lane. */
function toGatewayError(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : new GatewayError({ kind: 'Unknown', detail: 'unexpected' });
}
