/**
 * A large company on its way off basic auth, through the whole service: its old settings come in as one upload, and
 * those of a second company by the script, which is then forced to register anew at once, with a kill -9 in the middle
 * of it. Prints how long everything took and how much memory the service needed at most. Needs a build, and Linux for
 * the memory.
 *
 *     node bench/legacy-company.mjs [--rows 100000] [--forced 50000]
 *
 * EVENTSTORE_URL and MONGO_URL name other stores, as they do for the service.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, forced: { type: 'string', default: '50000' } },
});
const [rows, forced] = [Number(values.rows), Number(values.forced)];
const COLUMNS =
  'companyId,userId,address,name,protocol,security,host,port,accountName,password,registeredAt,shareByDefault';
const FORCE = '/admin/legacy-settings/force-re-registration';

const directory = await mkdtemp(join(tmpdir(), 'hrbc-legacy-bench-'));
const port = await freePort();
let service = await startService();
try {
  await upload('by one upload', 'rest', rows);
  await upload('of them again', 'rest', Math.ceil(rows / 10));
  const file = join(directory, 'script.csv');
  await pipeline(Readable.from(csv('script', forced)), createWriteStream(file));
  await timed(`${forced} rows by the script`, forced, () => script(file));
  await forceAll();
} finally {
  service.process.kill('SIGTERM');
  await service.ended;
  await rm(directory, { recursive: true, force: true });
}

async function upload(what, company, count) {
  const admin = await clientOf(company);
  await timed(`${count} rows ${what}`, count, async () => {
    const answer = await admin('POST', '/admin/legacy-settings', Readable.from(csv(company, count)), 'text/csv');
    console.log(`  ${answer.accepted} accepted, ${answer.unchanged} unchanged, ${answer.rejected.length} rejected`);
  });
}

async function forceAll() {
  const admin = await clientOf('script');
  const trial = await timed(`dry run over ${forced}`, forced, () => admin('POST', FORCE, { all: true, reason: 'bench', dryRun: true })); // prettier-ignore
  console.log(`  ${trial.users.length} people listed`);
  const { campaign } = await timed('accepted', forced, () => admin('POST', FORCE, { all: true, reason: 'bench' }));
  const progress = async () => (await clientOf('script'))('GET', `/admin/legacy-settings/campaigns/${campaign.id}`);
  await timed(`${forced} forced, killed at a third of the way`, forced, async () => {
    while ((await progress()).changed < forced / 3) await sleep(200);
    service.process.kill('SIGKILL');
    await service.ended;
    const restarted = performance.now();
    service = await startService();
    console.log(`  killed and ready again after ${seconds(restarted)} s, ${(await progress()).changed} done`);
    while ((await progress()).state !== 'completed') await sleep(200);
  });
  const { affected, changed } = await progress();
  const { summary } = await (await clientOf('script'))('GET', '/admin/legacy-settings?limit=1');
  console.log(`  affected ${affected}, changed ${changed}, summary ${JSON.stringify(summary)}`);
}

async function script(file) {
  const token = await tokenOf('script');
  const path = fileURLToPath(new URL('../scripts/legacy/import.mjs', import.meta.url));
  const log = await open(join(directory, 'script.log'), 'w');
  const env = { ...process.env, SERVICE_URL: service.url, ACCESS_TOKEN: token };
  const child = spawn(process.execPath, [path, file], { env, stdio: ['ignore', 'inherit', log.fd] });
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, memoryOf(child.pid, 'VmHWM'))), 250);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(watch);
  await log.close();
  if (code !== 0) throw new Error(`The script ended with ${code}.`);
  console.log(`  the script itself needed ${peak} MB`);
}

/** Runs it, and prints how long it took, how many a second that were, and the service's memory. */
async function timed(what, count, run) {
  const begun = performance.now();
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, memoryOf(service.process.pid, 'VmRSS'))), 100);
  const result = await run();
  clearInterval(watch);
  const took = (performance.now() - begun) / 1_000;
  console.log(`${what}: ${took.toFixed(1)} s, ${Math.round(count / took)}/s, at most ${peak} MB`);
  return result;
}

function* csv(company, count) {
  yield `${COLUMNS}\r\n`;
  for (let n = 0; n < count; n++) {
    const userId = `user-${String(n).padStart(6, '0')}`;
    const address = `${userId}@${company}.example`;
    const host = n % 3 === 0 ? 'imap.gmail.com' : 'outlook.office365.com';
    yield `${company},${userId},${address},社員,imap,ssl,${host},993,${address},secret,2019-04-01T09:00:00+09:00,true\r\n`;
  }
}

function memoryOf(pid, field) {
  try {
    return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024); // prettier-ignore
  } catch {
    return 0; // gone, or no Linux
  }
}

async function tokenOf(company) {
  const response = await fetch(`${service.url}/sandbox/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 'admin', company, roles: ['admin'] }),
  });
  return (await response.json()).token;
}

async function clientOf(company) {
  const token = await tokenOf(company);
  return async (method, path, body, type = 'application/json') => {
    const isStream = body instanceof Readable;
    const response = await fetch(`${service.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) },
      body: body === undefined || isStream ? body : JSON.stringify(body),
      ...(isStream ? { duplex: 'half' } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

async function startService() {
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, SANDBOX: 'true', PORT: String(port), DATA_DIR: directory, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/src/main.js', import.meta.url))], {
    env: { MAIL_HOSTS_ALLOWED_PRIVATE: '127.0.0.0/8', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!(await fetch(`${url}/health/ready`).then(({ ok }) => ok, () => false))) await sleep(100); // prettier-ignore
  return { process: child, url, ended };
}

function seconds(since) {
  return ((performance.now() - since) / 1_000).toFixed(1);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return free;
}
