import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/gateways/gateway.errors.js';
import { GraphConnection } from '../../../src/gateways/graph/graph-connection.js';
import { READING_PATIENCE } from '../../../src/gateways/graph/graph-retry.js';
import { RequestLanes } from '../../../src/gateways/graph/request-lanes.js';
import { GraphMailbox, lastCursor } from './graph-mailbox.js';
import { startMicrosoft } from './microsoft-world.js';

const patience = { ...READING_PATIENCE, tries: 1 };
const connectionTo = (url: string, tokens = { current: async () => 'the-token', renewed: async () => 'the-token' }) =>
  new GraphConnection({
    endpoint: { url, lanes: new RequestLanes(), patience },
    mailbox: 't/u',
    tokens,
    signal: new AbortController().signal,
  });
const failureOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof GatewayError ? error.failure : error;
};

describe('what the Graph client library would do by itself', () => {
  let seen: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  let server: Server;
  let url: string;
  let answer: { status: number; headers?: Record<string, string>; body: string };

  beforeEach(async () => {
    seen = [];
    answer = { status: 200, body: '{}' };
    server = createServer((request, response) => {
      seen.push({ url: request.url ?? '', headers: request.headers });
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('sends no token in the open', async () => {
    await connectionTo(url).json('/me');
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('is not asked to follow a link to another host at all', async () => {
    const elsewhere = connectionTo('https://graph.microsoft.com');
    expect(await failureOf(elsewhere.json(`${url}/v1.0/me/messages`))).toEqual({
      kind: 'Unknown',
      detail: 'foreign_link',
    });
    expect(await failureOf(elsewhere.json('https://graph.microsoft.com.evil.example/v1.0/me'))).toMatchObject({
      detail: 'foreign_link',
    });
    expect(seen).toEqual([]);
  });

  it('tries nothing again behind our back, and sleeps for nothing', async () => {
    answer = { status: 429, headers: { 'retry-after': '120' }, body: '{"error":{"code":"TooManyRequests"}}' };
    expect(await failureOf(connectionTo(url).json('/me'))).toEqual({ kind: 'RateLimited', retryAfterMs: 120_000 });
    answer = { status: 504, body: '' };
    expect(await failureOf(connectionTo(url).json('/me'))).toEqual({ kind: 'Unavailable', detail: 'server_error' });
    expect(seen).toHaveLength(2);
  });

  it('keeps Retry-After also where bytes were asked for', async () => {
    answer = { status: 429, headers: { 'retry-after': '7' }, body: '{"error":{"code":"ApplicationThrottled"}}' };
    expect(await failureOf(connectionTo(url).bytes('/me/messages/1/$value', 10))).toEqual({
      kind: 'RateLimited',
      retryAfterMs: 7_000,
    });
  });

  it('waits for no answer for ever', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const connection = new GraphConnection({
      endpoint: {
        url: `http://localhost:${(silent.address() as AddressInfo).port}`,
        lanes: new RequestLanes(),
        patience,
      },
      mailbox: 't/u',
      tokens: { current: async () => 't', renewed: async () => 't' },
      signal: new AbortController().signal,
      requestMs: 50,
    });
    expect(await failureOf(connection.json('/me'))).toEqual({ kind: 'Unavailable', detail: 'timeout' });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('hands on what went wrong with the token as it is', async () => {
    const lost = { kind: 'AuthorizationLost', detail: 'AADSTS50173', remedy: 'login_required' } as const;
    const refusing = { current: () => Promise.reject(new GatewayError(lost)), renewed: async () => 't' };
    expect(await failureOf(connectionTo(url, refusing).json('/me'))).toEqual(lost);
    expect(seen).toEqual([]);
  });

  it('takes no more bytes than a mail may have', async () => {
    answer = { status: 200, body: 'x'.repeat(100) };
    expect(await failureOf(connectionTo(url).bytes('/me/messages/1/$value', 99))).toMatchObject({
      kind: 'MessageUnreadable',
      detail: 'too_large',
    });
    expect((await connectionTo(url).bytes('/me/messages/1/$value', 100)).length).toBe(100);
  });

  it('follows links as they are, whatever is in their tokens', async () => {
    const { simulator } = await startMicrosoft();
    try {
      const taro = new GraphMailbox(simulator, 'taro@sample.example');
      taro.deliver('one', 1);
      const cursor = lastCursor(await taro.take());
      if (cursor.protocol !== 'graph') throw new Error('another cursor');
      simulator.requests.clear();
      await taro.take(cursor);
      const [asked] = simulator.requests.of('graph.messages.delta');
      const tokenOf = (link: string) => new URL(link, simulator.url).searchParams.get('$deltatoken');
      expect(tokenOf(asked!.path)).toBe(tokenOf(cursor.link));
    } finally {
      await simulator.close();
    }
  });
});
