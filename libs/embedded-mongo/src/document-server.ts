import { createServer, type Server, type Socket } from 'node:net';
import { takeDirectory } from '@libs/sqlite-directory';
import { Cursors } from './commands/cursors.js';
import type { Durability } from './store/database-file.js';
import { Engine } from './store/engine.js';
import { TtlMonitor } from './store/ttl-monitor.js';
import { serveConnection } from './wire/connection.js';

const LOOPBACK = '127.0.0.1';
const CURSOR_CHECK_MS = 60_000;

/** What a server is started with, all of it plain data. */
export interface ServerSettings {
  readonly directory: string;
  readonly durability: Durability;
  readonly port: number;
  readonly ttlIntervalMs: number;
}

/** A server that runs in this thread. */
export interface RunningServer {
  readonly port: number;
  /** Ends all connections, closes the file and gives the directory free. */
  close(): Promise<void>;
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });

/**
 * Opens the store and listens on loopback.
 * @param report told of errors that are not a client's
 * @throws DirectoryInUseError, DamagedStoreError, or the error of the port
 */
export async function runDocumentServer(
  settings: ServerSettings,
  report: (error: unknown) => void,
): Promise<RunningServer> {
  const { directory, durability, port, ttlIntervalMs } = settings;
  const cleanUp: (() => void | Promise<void>)[] = [];
  const undo = async (): Promise<void> => {
    for (const step of cleanUp.reverse()) await step();
  };
  try {
    const ownership = takeDirectory('document', directory);
    cleanUp.push(() => ownership.release());
    const engine = new Engine(directory, durability);
    cleanUp.push(() => engine.close());
    const cursors = new Cursors();
    const idle = setInterval(() => cursors.killIdle(Date.now()), CURSOR_CHECK_MS).unref();
    cleanUp.push(() => clearInterval(idle));
    const ttl = new TtlMonitor(engine, ttlIntervalMs, report);
    cleanUp.push(() => ttl.stop());
    const sockets = new Set<Socket>();
    let connectionId = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      serveConnection(socket, { engine, cursors, connectionId: ++connectionId }, report);
    });
    const actualPort = await listen(server, port);
    server.on('error', report);
    cleanUp.push(async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    return { port: actualPort, close: undo };
  } catch (error) {
    await undo();
    throw error;
  }
}
