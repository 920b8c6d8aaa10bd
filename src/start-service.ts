import { type Server, type ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import { AppModule } from './app.module.js';
import { MailboxQueue } from './modules/inbox/index.js';
import { OutboxQueue } from './modules/outbox/index.js';
import { type AppConfig } from './platform/config/index.js';
import { setupHttp } from './platform/http/index.js';
import { Logger, withoutChatter } from './platform/observability/index.js';
import { openSandboxServers } from './sandbox/index.js';
import { openStores, type Stores } from './stores.js';

/** Where attachments come as JSON, in base64: the largest mail that any way of sending takes, and what JSON adds. */
const BODY_LIMITS = { '/api/v1/outbox/messages': 38 * 1024 * 1024 };

/** The service, listening. */
export interface Service {
  readonly app: NestExpressApplication;
  readonly stores: Stores;
  readonly url: string;
  /** Finishes what is under way, then closes everything, the embedded stores last. */
  close(): Promise<void>;
}

/** Opens the stores, puts the service together and listens. Whatever was opened is closed again when it fails. */
export async function startService(config: AppConfig): Promise<Service> {
  const closing: (() => Promise<unknown>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const stores = await openStores(config);
    closing.push(async () => stores.close());
    const sandbox = await openSandboxServers(config);
    closing.push(async () => sandbox.servers.close());
    const module = AppModule.of(sandbox.config, stores.addresses, sandbox.servers);
    const app = await NestFactory.create<NestExpressApplication>(module, { bufferLogs: true, bodyParser: false });
    closing.push(async () => app.close());
    app.useLogger(withoutChatter(app.get(Logger)));
    setupHttp(app, { bodyLimits: BODY_LIMITS });
    if (stores.embedded.includes('MongoDB')) await releaseDeadHolders(app);
    await app.listen(config.http.port, config.http.host);
    closing.push(async () => finishRequests(app.getHttpServer()));
    return { app, stores, url: await app.getUrl(), close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** How long requests under way may take to their end; longer ones, open streams and silent connections are cut. */
const FINISHING_MS = 5_000;
const LOOK_FOR_IDLE_MS = 50;

/**
 * Takes no new connections and lets requests under way end, while everything that they need still works. A client that
 * keeps its connection and goes on asking is told to close it, or it would hold up the end and be cut off in its turn.
 */
async function finishRequests(server: Server): Promise<void> {
  const finished = new Promise<void>((resolve) => server.close(() => resolve()));
  server.prependListener('request', (_request, response: ServerResponse) => response.setHeader('Connection', 'close'));
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_FOR_IDLE_MS);
  const cut = setTimeout(() => server.closeAllConnections(), FINISHING_MS);
  await finished;
  clearInterval(idle);
  clearTimeout(cut);
}

/** An embedded store serves one process, so whoever held a lease in it is dead: nothing waits for leases to run out. */
async function releaseDeadHolders(app: NestExpressApplication): Promise<void> {
  await Promise.all([app.get(MailboxQueue).releaseAll(), app.get(OutboxQueue).releaseAll()]);
}
