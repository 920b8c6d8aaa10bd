import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a small server does that no decent one would. */
export interface Script {
  /** Called for every connection, before anything was read. */
  readonly onConnect: (socket: Socket) => void;
  /** Called for every line that a client sends, without its line end. */
  readonly onLine?: (line: string, socket: Socket) => void;
}

export interface ScriptedServer {
  readonly host: string;
  readonly port: number;
  /** Every line that clients sent, in order. */
  readonly received: readonly string[];
  /** How many connections there were. */
  readonly connections: () => number;
}

/** A misbehaving mail server on loopback, for the running test. */
export async function scriptedServer({ onConnect, onLine }: Script): Promise<ScriptedServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // clients may leave as rudely as they like
    socket.on('close', () => sockets.delete(socket));
    let pending = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = (pending + text).split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        received.push(line);
        onLine?.(line, socket);
      }
    });
    onConnect(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, received, connections: () => connections };
}
