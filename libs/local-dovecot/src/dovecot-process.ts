import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The marker that tells the guard to leave the session directory for a restart. */
export const KEEP_MARKER = 'keep';
const START_DEADLINE_MS = 15_000;

/**
 * Runs Dovecot in the foreground under a guard that reads from us: when this process ends, even by SIGKILL, the
 * guard's input ends, and it ends Dovecot and removes the session directory. No server is ever left behind.
 * In a background job of sh, standard input would be /dev/null, hence descriptor 3.
 */
const GUARD = `
exec 3<&0
"$1" -F -c "$2/dovecot.conf" </dev/null 3<&- &
server=$!
( read -r _ <&3; kill "$server" ) 2>/dev/null &
guard=$!
wait "$server"
kill "$guard" 2>/dev/null
[ -e "$2/${KEEP_MARKER}" ] || rm -rf "$2"
`;

/** The port was taken between its choice and its use; another try with other ports will do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

export interface DovecotProcess {
  /** Ends it in an orderly way; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it and all its children by SIGKILL, as a power cut would. */
  kill(): Promise<void>;
}

/** Where the server listens, and what it says there. */
export interface Greeted {
  readonly host: string;
  readonly ports: readonly number[];
  readonly greeting: string;
}

/** Starts Dovecot on a prepared session directory; resolves once every port greets with `greeting`. */
export async function startDovecotProcess(
  binary: string,
  sessionDirectory: string,
  greeted: Greeted,
): Promise<DovecotProcess> {
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', binary, sessionDirectory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // a process group of its own, which kill() can end as a whole
  });
  const exited = once(child, 'exit');
  const server: DovecotProcess = {
    stop: async () => {
      child.stdin.end();
      await exited;
      await silenced(greeted);
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
      await exited;
      await silenced(greeted);
    },
  };
  const deadline = Date.now() + START_DEADLINE_MS;
  for (const port of greeted.ports) {
    while (!(await greets(greeted.host, port, greeted.greeting))) {
      if (child.exitCode === null && Date.now() < deadline) {
        await delay(10);
        continue;
      }
      const log = readLog(sessionDirectory);
      await server.kill();
      throw /Address already in use/.test(log) ? new PortTaken(log) : new Error(`Dovecot did not start: ${log}`);
    }
  }
  return server;
}

/** Dovecot's children share its listening sockets and may outlive it by a moment, in which they still take connections. */
async function silenced({ host, ports }: Pick<Greeted, 'host' | 'ports'>): Promise<void> {
  const deadline = Date.now() + 2000;
  for (const port of ports) while (Date.now() < deadline && (await accepts(host, port))) await delay(5);
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // refused, as it should be
  } finally {
    socket.destroy();
  }
}

/** Dovecot's own log; it holds account names and addresses, never passwords (auth_debug_passwords is off). */
function readLog(sessionDirectory: string): string {
  try {
    return readFileSync(join(sessionDirectory, 'log'), 'utf8').trim().slice(-2000);
  } catch {
    return 'it left no log'; // it ended before it could open one
  }
}

async function greets(host: string, port: number, greeting: string): Promise<boolean> {
  const socket = connect({ host, port });
  socket.setTimeout(1000, () => socket.destroy());
  try {
    await once(socket, 'connect');
    const [first] = (await once(socket, 'data')) as [Buffer];
    return first.includes(greeting);
  } catch {
    return false; // not yet
  } finally {
    socket.destroy();
  }
}
