/**
 * How an import and people who read get along: imports IMAP mailboxes through the whole service, while a reader asks
 * for a page of mails and for the setting in turn, ten times a second; prints mails a second and how long the answers
 * took, alone and beside the import. Needs a build and Dovecot.
 *
 *     node bench/import-beside-http.mjs [--mailboxes 2] [--mails 1500] [--own-process documents,events]
 *
 * EVENTSTORE_URL and MONGO_URL name other stores, as they do for the service.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalDovecot } from '../dist/libs/local-dovecot/src/index.js';
import { mailLikeRealMail } from '../libs/mail-parsing/bench/mail-like-real-mail.mjs';

const { values } = parseArgs({
  options: {
    mailboxes: { type: 'string', default: '2' },
    mails: { type: 'string', default: '1500' },
    'own-process': { type: 'string', default: '' },
  },
});
const PACE_MS = 100;
const WARM_UP_MS = 3_000;
const ALONE_MS = 5_000;
const users = Array.from({ length: Number(values.mailboxes) }, (_, n) => `user${n}`);
const undo = [];

try {
  const dovecot = await deliveredMail();
  const service = await startService(await ownProcesses());
  const admin = await service.as({ userId: 'admin', roles: ['admin'] });
  const people = await Promise.all(users.map((userId) => service.as({ userId, email: `${userId}@sample.example` })));
  const address = { host: dovecot.host, port: dovecot.ports.imap };
  const server = await admin('POST', '/mail-servers', {
    service: 'other',
    protocol: 'imap',
    security: 'none',
    ...address,
  });
  for (const [n, person] of people.entries()) {
    const account = { mailServerId: server.id, accountName: users[n], password: 'secret' };
    await person('PUT', '/me/mail-setting/account', account);
  }
  await asks(people[0], sleep(WARM_UP_MS));
  report('answers, nothing imported', await asks(people[0], sleep(ALONE_MS)));

  const begun = performance.now();
  const imported = importAll(people).then(() => (performance.now() - begun) / 1_000);
  report('answers, beside the import', await asks(people[0], imported));
  const count = users.length * Number(values.mails);
  console.log(`imported ${count} mails at ${Math.round(count / (await imported))}/s`);
  report('answers, all imported', await asks(people[0], sleep(ALONE_MS)));
} finally {
  for (const step of undo.reverse()) await step();
}

async function deliveredMail() {
  const dovecot = await startLocalDovecot({ users: users.map((name) => ({ name, password: 'secret' })) });
  undo.push(() => dovecot.stop());
  const mails = mailLikeRealMail(Number(values.mails));
  const newest = Date.parse('2026-11-01T00:00:00Z');
  for (const user of users) {
    for (const [n, mail] of mails.entries()) {
      dovecot.deliver(user, mail, { internalDate: new Date(newest + n * 1_000) });
    }
  }
  return dovecot;
}

/** The embedded stores that are asked for as processes of their own: their addresses, as the service takes them. */
async function ownProcesses() {
  const libraries = { documents: ['embedded-mongo', 'MONGO_URL'], events: ['embedded-eventstore', 'EVENTSTORE_URL'] };
  const environment = {};
  for (const name of values['own-process'].split(',').filter(Boolean)) {
    const [library, variable] = libraries[name];
    const directory = await temporary(name);
    const child = run([`../dist/libs/${library}/src/serve.js`, '--directory', directory], process.env, 'pipe');
    for await (const line of createInterface({ input: child.stdout })) {
      environment[variable] = name === 'documents' ? `${line}hrbc` : line;
      break;
    }
  }
  return environment;
}

async function temporary(purpose) {
  const directory = await mkdtemp(join(tmpdir(), `hrbc-${purpose}-`));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function run([script, ...args], env, stdout) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    env,
    stdio: ['ignore', stdout, 'inherit'],
  });
  undo.push(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  });
  return child;
}

async function startService(stores) {
  const port = await freePort();
  const environment = {
    SANDBOX: 'true',
    PORT: String(port),
    DATA_DIR: await temporary('data'),
    LOG_LEVEL: 'warn',
    POLL_INTERVAL_SECONDS: '1',
    MAIL_HOSTS_ALLOWED_PRIVATE: '127.0.0.0/8',
  };
  run(['../dist/src/main.js'], { ...process.env, ...environment, ...stores }, 'ignore');
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(50);
  return { as: async (claims) => asPerson(url, (await call(`${url}/sandbox/tokens`, 'POST', claims)).token) };
}

function asPerson(url, token) {
  return (method, path, body) => call(`${url}/api/v1${path}`, method, body, { authorization: `Bearer ${token}` });
}

async function call(url, method, body, headers = {}) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, ...json });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function importAll(people) {
  const details = { importSince: '2026-01-01', shareByDefault: true };
  await Promise.all(people.map((person) => person('PUT', '/me/mail-setting/details', details)));
  for (const person of people) {
    while ((await person('GET', '/me/mail-setting')).import?.state !== 'completed') await sleep(250);
  }
}

/** Asks at a steady pace, whether or not earlier answers are there, until something has happened: milliseconds each. */
async function asks(person, until) {
  const times = [];
  const open = [];
  let over = false;
  const end = until.finally(() => (over = true));
  for (let n = 0; !over; n++) {
    const begun = performance.now();
    const path = n % 2 === 0 ? '/inbox/messages?scope=mine&limit=50' : '/me/mail-setting';
    open.push(person('GET', path).then(() => times.push(performance.now() - begun)));
    await sleep(PACE_MS);
  }
  await Promise.all([...open, end]);
  return times.sort((a, b) => a - b);
}

function report(what, times) {
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(0);
  console.log(
    `${what}: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms (${times.length})`,
  );
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
