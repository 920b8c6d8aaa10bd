import { createServer, type Server } from 'node:https';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Exchange, json, matchPath, type Route } from './exchange.js';
import { type FaultEffect, FaultPlan } from './fault-plan.js';
import { RequestLog } from './request-log.js';
import { type SimulatorAuthority } from './simulator-authority.js';

export interface SimulatorServerOptions {
  readonly authority: SimulatorAuthority;
  /** Default: any free one. */
  readonly port?: number;
  /** Of the random numbers by which faults strike. */
  readonly seed?: number;
}

/** How far a request has come: all of it is here, or it is carried out and not answered yet. */
export type RequestStep = 'arrived' | 'done';

/**
 * An https server on loopback that answers by routes, fails on demand and remembers what it was asked. What it stands in
 * for is in the routes; nothing in here knows a provider.
 */
export class SimulatorServer {
  readonly faults: FaultPlan;
  readonly requests = new RequestLog();
  /** Called as a request gets on, and waited for; for tests that cut a client off at exactly there. */
  onStep: (operation: string, step: RequestStep) => Promise<void> | void = () => undefined;
  private readonly routes: Route[] = [];
  private readonly underWay = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    seed: number | undefined,
  ) {
    this.faults = new FaultPlan(seed);
  }

  static async start({ authority, port = 0, seed }: SimulatorServerOptions): Promise<SimulatorServer> {
    const { certificate, key } = authority.issue();
    const server = createServer({ cert: certificate, key, keepAlive: true });
    const simulator = new SimulatorServer(server, seed);
    server.on('request', (request, response) => void simulator.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return simulator;
  }

  /** `https://localhost:…`, without a slash at its end. */
  get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  add(...routes: readonly Route[]): void {
    this.routes.push(...routes);
  }

  /** How many requests of a mailbox are under way. */
  requestsUnderWay(subject: string): number {
    return this.underWay.get(subject) ?? 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      await this.answer(request, Buffer.concat(chunks), response);
    } catch {
      response.destroy(); // the client went away, or a route is wrong: either way there is nobody to tell
    }
  }

  private async answer(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const headers = request.headers as Record<string, string | undefined>;
    const found = this.find(method, url.pathname);
    if (found === null) return send(response, json(404, { error: { code: 'NotFound', message: url.pathname } }), null);
    const { route, params } = found;
    const exchange: Exchange = { method, url, headers, body, params };
    const subject = route.subject?.(exchange) ?? null;
    const effect = this.faults.next(route.operation, subject, url.pathname);
    await this.onStep(route.operation, 'arrived');
    const atOnce = this.begin(subject);
    try {
      const { answer, status } = await outcomeOf(route, exchange, effect);
      this.requests.add({
        operation: route.operation,
        method,
        path: url.pathname + url.search,
        subject,
        headers,
        status,
        atOnce,
      });
      await this.onStep(route.operation, 'done');
      await send(response, answer, effect);
    } finally {
      this.end(subject);
    }
  }

  private find(method: string, path: string): { route: Route; params: Record<string, string> } | null {
    for (const route of this.routes) {
      const params = route.method === method ? matchPath(route.path, path) : null;
      if (params !== null) return { route, params };
    }
    return null;
  }

  private begin(subject: string | null): number {
    const atOnce = this.requestsUnderWay(subject ?? '') + 1;
    this.underWay.set(subject ?? '', atOnce);
    return atOnce;
  }

  private end(subject: string | null): void {
    this.underWay.set(subject ?? '', this.requestsUnderWay(subject ?? '') - 1);
  }
}

async function outcomeOf(
  route: Route,
  exchange: Exchange,
  effect: FaultEffect | null,
): Promise<{ answer: Answer; status: number }> {
  if (effect?.kind === 'answer') {
    const answer =
      typeof effect.body === 'string' || effect.body === undefined
        ? { status: effect.status, ...(effect.headers && { headers: effect.headers }), body: effect.body ?? '' }
        : json(effect.status, effect.body, effect.headers);
    return { answer, status: effect.status };
  }
  if (effect?.kind === 'slow') await sleep(effect.milliseconds);
  const answer = await route.handle(exchange);
  return { answer, status: answer.status };
}

async function send(
  response: ServerResponse,
  { status, headers, body = '' }: Answer,
  effect: FaultEffect | null,
): Promise<void> {
  // Nobody waits for the answer any more; waiting for it to leave would never end.
  if (response.destroyed) return;
  if (effect?.kind === 'lost') return void response.destroy();
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const sent = effect?.kind === 'malformed' ? half : bytes;
  response.writeHead(status, { ...headers, 'content-length': sent.length });
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  if (effect?.kind === 'cut') {
    await Promise.race([new Promise((resolve) => response.write(half, resolve)), closed]);
    response.destroy();
    return;
  }
  await Promise.race([new Promise<void>((resolve) => response.end(sent, resolve)), closed]);
}
