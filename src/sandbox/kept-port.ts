import { readFile, writeFile } from 'node:fs/promises';

/**
 * Starts a server where it listened last time, so that its address, and a browser's trust in it, outlive a restart;
 * elsewhere if somebody else is there now.
 * @param file where the port is kept
 */
export async function onKeptPort<Server>(
  file: string,
  start: (port: number | undefined) => Promise<Server>,
  urlOf: (server: Server) => string,
): Promise<Server> {
  const server = await start(await keptPort(file)).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return start(undefined);
  });
  await writeFile(file, new URL(urlOf(server)).port);
  return server;
}

async function keptPort(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => ''); // the first start
  const port = Number(text);
  return Number.isInteger(port) && port >= 1_024 && port <= 65_535 ? port : undefined;
}
