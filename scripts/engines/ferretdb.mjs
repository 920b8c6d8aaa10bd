/**
 * A second document store to test against: FerretDB v1 (https://www.ferretdb.com, Apache License 2.0), which speaks
 * MongoDB's protocol and was written by others. It is built from its published Go module; version and checksums are
 * pinned in scripts/engines/ferretdb/go.mod and go.sum. Data lies in a temporary directory and is removed at the end.
 *
 *     node scripts/engines/ferretdb.mjs                 starts it, prints MONGO_URL=…, ends with Ctrl-C
 *     node scripts/engines/ferretdb.mjs <command …>     runs a command with MONGO_URL set, ends with its exit code
 *
 * FerretDB finds and changes a document in two steps, which MongoDB does in one, and two who write at once may meet a
 * locked database. So commands reach it one at a time, by a queue in front of it.
 *
 * Where it cannot be had (no Go, no access to the module), the reason is printed and the exit code is 0: a server that
 * is not there is a skipped check, not a failed one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCE = fileURLToPath(new URL('ferretdb', import.meta.url));
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/ferretdb', import.meta.url));
const BUILD_LIMIT_MS = 15 * 60_000;
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;

/** Why FerretDB cannot be had on this machine. */
export class NotAvailable extends Error {}

/** Named after its sources, so that a new version or another program is built anew. */
function binaryPath() {
  const digest = createHash('sha256');
  for (const file of readdirSync(SOURCE).sort()) digest.update(readFileSync(join(SOURCE, file)));
  const name = `ferretdb-${digest.digest('hex').slice(0, 12)}`;
  return join(CACHE, process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * Builds FerretDB once; the first time takes a minute or more.
 * @returns {string} the path of the program
 * @throws NotAvailable
 */
export function installFerretDb(log = console.error) {
  const binary = binaryPath();
  if (existsSync(binary)) return binary;
  const version = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (version.status !== 0) throw new NotAvailable('go is not installed (https://go.dev/doc/install)');
  log(`Building FerretDB with ${version.stdout.trim()}; this takes a minute or two, once.`);
  mkdirSync(CACHE, { recursive: true });
  const build = spawnSync('go', ['build', '-trimpath', '-buildvcs=false', '-o', binary, '.'], {
    cwd: SOURCE,
    // The installed Go must do: fetching another toolchain is not this script's business
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
    encoding: 'utf8',
    timeout: BUILD_LIMIT_MS,
  });
  if (build.status === 0) return binary;
  const reason = build.error?.message ?? build.stderr.trim().split('\n').slice(-3).join(' | ');
  throw new NotAvailable(`FerretDB could not be built: ${reason}`);
}

const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

function within(promise, limitMs, what) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/**
 * Starts FerretDB on a free loopback port over a temporary directory.
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 * @throws NotAvailable
 */
export async function startFerretDb(log = console.error) {
  const binary = installFerretDb(log);
  const directory = mkdtempSync(join(tmpdir(), 'ferretdb-'));
  const server = spawn(binary, [directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  const close = async () => {
    server.kill('SIGTERM');
    await within(exited, STOP_LIMIT_MS, 'stopping FerretDB').catch(() => server.kill('SIGKILL'));
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const firstLine = once(createInterface({ input: server.stdout }), 'line');
    const ended = exited.then((code) => Promise.reject(new Error(`FerretDB ended with code ${code}`)));
    const url = await within(Promise.race([firstLine, ended]), START_LIMIT_MS, 'starting FerretDB');
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function main([command, ...args]) {
  const server = await startFerretDb();
  try {
    if (command === undefined) {
      console.log(`MONGO_URL=${server.url}`);
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    } else {
      const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, MONGO_URL: server.url } });
      child.once('error', (error) => console.error(error.message));
      process.exitCode = (await once(child, 'close')) ?? 1;
    }
  } finally {
    await server.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv.slice(2)).catch((error) => {
    if (!(error instanceof NotAvailable)) throw error;
    console.error(`Skipped: ${error.message}`);
  });
}
