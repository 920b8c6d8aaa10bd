import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The embedded document store in a process of its own, so that it can be killed. */
export interface EmbeddedProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGKILL: the process gets no chance to do anything. */
  kill(): Promise<void>;
  /** SIGTERM: it closes in order. */
  close(): Promise<void>;
}

/**
 * Starts the store with the Node that runs this.
 * @param script path of the compiled `serve.js`
 * @throws Error when it does not start; the message holds what it said
 */
export async function startEmbeddedProcess(script: string, directory: string): Promise<EmbeddedProcess> {
  const child = spawn(process.execPath, [script, '--directory', directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const url = await firstLine(child);
  if (url === undefined) throw new Error(`The embedded document store did not start: ${said.join('')}`);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return { url, pid: child.pid ?? 0, kill: () => end('SIGKILL'), close: () => end('SIGTERM') };
}

/** Undefined when the process ends without having written one. */
async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const exited = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) return line;
  await exited;
  return undefined;
}
