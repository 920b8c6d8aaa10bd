// The import through the whole service beside mbsync (isync), in one run, from the same Dovecot: how long it takes until
// every mail is stored, on the record and readable, and what the service answers to others meanwhile.
//
//     npm run build && node bench/import-beside-mbsync.mjs [--mails 5000] [--rounds 3]
//
// Needs Dovecot; mbsync is left out where it is not installed. Embedded stores, which flush to disk before they confirm.
import { findDovecot, startLocalDovecot } from '../dist/libs/local-dovecot/src/index.js';
import { mailLikeRealMail } from '../libs/mail-parsing/bench/mail-like-real-mail.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const USER = 'taro';
const PASSWORD = 'taro-secret';
const { values } = parseArgs({
  options: { mails: { type: 'string', default: '5000' }, rounds: { type: 'string', default: '3' } },
});
const [mails, rounds] = [Number(values.mails), Number(values.rounds)];
if (findDovecot() === null) throw new Error('Dovecot is not installed.');

const headers = (token) => ({
  'content-type': 'application/json',
  ...(token ? { authorization: `Bearer ${token}` } : {}),
});
const get = (url, token) => asked(url, { headers: headers(token) });
const post = (url, token, body) => asked(url, { method: 'POST', headers: headers(token), body: JSON.stringify(body) });
const put = (url, token, body) => asked(url, { method: 'PUT', headers: headers(token), body: JSON.stringify(body) });

const sources = mailLikeRealMail(mails);
const bytes = sources.reduce((sum, { length }) => sum + length, 0);
console.log(`${mails} mails, ${Math.round(bytes / 1e6)} MB; ${rounds} rounds`);
const dovecot = await startLocalDovecot({ users: [{ name: USER, password: PASSWORD }] });
for (const [n, source] of sources.entries())
  dovecot.deliver(USER, source, { internalDate: new Date(Date.UTC(2026, 10, 1, 0, 0, n)) });

const results = { service: [], mbsync: [], 'mbsync without fsync': [] };
try {
  for (let round = 0; round < rounds; round++) {
    results.service.push(await byTheService());
    for (const fsync of [true, false]) results[fsync ? 'mbsync' : 'mbsync without fsync'].push(byMbsync(fsync));
  }
} finally {
  await dovecot.stop();
}
for (const [name, runs] of Object.entries(results)) {
  const known = runs.filter((run) => run !== null);
  if (known.length === 0) console.log(`${name}: not installed`);
  else console.log(`${name}: ${known.map(({ rate }) => Math.round(rate)).join(' / ')} mails/s${detailsOf(known)}`);
}

function detailsOf(runs) {
  if (runs[0].cpuMs === undefined) return '';
  const each = (pick) => runs.map(pick).join(' / ');
  return `; CPU ${each(({ cpuMs }) => cpuMs.toFixed(2))} ms a mail; peak ${each(({ peakMb }) => peakMb)} MB; answers meanwhile p50 ${each(({ p50 }) => p50)} ms, p99 ${each(({ p99 }) => p99)} ms`;
}

async function byTheService() {
  const directory = mkdtempSync(join(tmpdir(), 'hrbc-bench-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env.PATH,
    SANDBOX: 'true',
    PORT: String(port),
    DATA_DIR: directory,
    LOG_LEVEL: 'warn',
    MAIL_HOSTS_ALLOWED_PRIVATE: '127.0.0.0/8',
  };
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await until(() =>
      fetch(`${base}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const { token } = await (
      await post(`${base}/sandbox/tokens`, null, { userId: USER, email: `${USER}@sample.example`, roles: ['admin'] })
    ).json();
    const server = {
      service: 'other',
      protocol: 'imap',
      security: 'none',
      host: dovecot.host,
      port: dovecot.ports.imap,
    };
    const { id } = await (await post(`${base}/api/v1/mail-servers`, token, server)).json();
    await put(`${base}/api/v1/me/mail-setting/account`, token, {
      mailServerId: id,
      accountName: USER,
      password: PASSWORD,
    });
    const cpuBefore = cpuMsOf(child.pid);
    const started = performance.now();
    await put(`${base}/api/v1/me/mail-setting/details`, token, { importSince: '2026-01-01', shareByDefault: true });
    const latencies = [];
    const isDone = async () => {
      const asked = performance.now();
      const { import: progress } = await (await get(`${base}/api/v1/me/mail-setting`, token)).json();
      latencies.push(performance.now() - asked);
      return progress?.state === 'completed' && progress;
    };
    const progress = await until(isDone);
    const seconds = (performance.now() - started) / 1_000;
    if (progress.imported !== mails) throw new Error(`${progress.imported} of ${mails} mails were imported.`);
    const cpuMs = (cpuMsOf(child.pid) - cpuBefore) / mails;
    const sorted = latencies.toSorted((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
    return { rate: mails / seconds, cpuMs, peakMb: peakMbOf(child.pid), p50: at(0.5), p99: at(0.99) };
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(directory, { recursive: true, force: true });
  }
}

function byMbsync(fsync) {
  if (spawnSync('mbsync', ['--version']).error) return null;
  const directory = mkdtempSync(join(tmpdir(), 'hrbc-bench-mbsync-'));
  mkdirSync(join(directory, 'mail'));
  const config = join(directory, 'mbsyncrc');
  writeFileSync(
    config,
    `FSync ${fsync ? 'yes' : 'no'}
IMAPStore far
Host ${dovecot.host}
Port ${dovecot.ports.imap}
User ${USER}
Pass ${PASSWORD}
SSLType None
AuthMechs *

MaildirStore near
Path ${directory}/mail/
Inbox ${directory}/mail/INBOX

Channel inbox
Far :far:
Near :near:
Patterns INBOX
Sync Pull New
Create Near
SyncState *
`,
  );
  const started = performance.now();
  const { status, stderr } = spawnSync('mbsync', ['-q', '-c', config, 'inbox'], { encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1_000;
  rmSync(directory, { recursive: true, force: true });
  if (status !== 0) throw new Error(`mbsync: ${stderr}`);
  return { rate: mails / seconds };
}

async function until(isTrue) {
  for (;;) {
    const answer = await isTrue();
    if (answer) return answer;
    await sleep(50);
  }
}

async function asked(url, request) {
  const response = await fetch(url, request);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}

// Linux only: elsewhere these figures are left out as zero.
function cpuMsOf(pid) {
  const fields = linuxFile(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}
function peakMbOf(pid) {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(linuxFile(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);
}
function linuxFile(path) {
  return process.platform === 'linux' ? readFileSync(path, 'utf8') : '';
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
