import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below every system's range of ephemeral ports (Linux from 32768, others from 49152): an outgoing connection of
 * some other process can then not take the port between its choice and its use, nor during a restart.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** `count` different ports on which nobody listens on `host` at the moment. */
export async function freePorts(host: string, count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!ports.has(port) && (await isFree(host, port))) ports.add(port);
  }
  return [...ports];
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch {
    return false; // taken, or reserved: another one will do
  }
  server.close();
  await once(server, 'close');
  return true;
}
