import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import mongoose from 'mongoose';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.js';

const MAIN = 'dist/src/main.js';
/** For a machine under load; it says nothing about speed. */
const START_DEADLINE_MS = 90_000;
/** Where Node keeps what it has compiled, which spares every start but the first a quarter of its work. */
const COMPILED = 'node_modules/.cache/node-compiled';

/** Who asks, as HRBC's token would say. */
export interface Person {
  readonly userId: string;
  readonly company?: string;
  readonly email?: string;
  readonly name?: string;
  readonly roles?: readonly ('admin' | 'auditor')[];
  readonly additional_address_1?: string;
  readonly position?: 'executive';
  readonly lifetimeSeconds?: number;
}

/** The whole service in a process of its own, as an operator would run it, with data that a restart finds again. */
export class TestService {
  private child: ChildProcess | null = null;
  private output = '';

  private constructor(
    readonly url: string,
    readonly dataDirectory: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Starts one and waits until it is ready. `environment` goes over the defaults of the tests. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<TestService> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: "npm test" builds it, or run "npm run build".`);
    const port = await freePort();
    const dataDirectory = await mkdtemp(join(tmpdir(), 'hrbc-mail-'));
    const service = new TestService(`http://127.0.0.1:${port}`, dataDirectory, {
      ...enginesOf(dataDirectory),
      SANDBOX: 'true',
      PORT: String(port),
      DATA_DIR: dataDirectory,
      LOG_LEVEL: 'warn',
      POLL_INTERVAL_SECONDS: '1',
      // A network rather than 127.0.0.1, so that the sandbox leaves the mail server to the tests.
      MAIL_HOSTS_ALLOWED_PRIVATE: '127.0.0.0/8',
      ...environment,
    });
    await service.run();
    return service;
  }

  /** Starts the process again on the same data; `environment` goes over the one it was first started with. */
  async run(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED, ...this.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on('data', collect);
    this.child.stderr?.on('data', collect);
    await this.ready();
  }

  /** Everything that the service has written to its log since it was first started. */
  get log(): string {
    return this.output;
  }

  /** A client with the token of this person. */
  async as(person: Person): Promise<ApiClient> {
    return new ApiClient(this.url, await this.tokenOf(person));
  }

  async tokenOf(person: Person): Promise<string> {
    const company = companyOn(this.environment, person.company);
    const claims = { ...person, ...(company === undefined ? {} : { company }) };
    const { body } = await new ApiClient(this.url, null).post<{ token: string }>('/sandbox/tokens', claims);
    return body.token;
  }

  /** A client with this token, or without any. */
  with(token: string | null): ApiClient {
    return new ApiClient(this.url, token);
  }

  /** Where its documents are while it runs: in the store that the tests' environment names, or in its embedded one. */
  async mongoUrl(): Promise<string> {
    const { MONGO_URL } = this.environment;
    if (MONGO_URL) return MONGO_URL;
    const addresses = await readFile(join(this.dataDirectory, 'store-addresses.json'), 'utf8');
    return (JSON.parse(addresses) as { readonly mongoUrl: string }).mongoUrl;
  }

  /** Ends the process in an orderly way; the data stay. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the process at whatever instruction it is; the data stay. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
    const { MONGO_URL } = this.environment;
    if (MONGO_URL) await dropDatabase(MONGO_URL);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
    this.child = null;
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + START_DEADLINE_MS;
    while (Date.now() < deadline) {
      if (this.child?.exitCode !== null) throw new Error(`The service ended while starting:\n${this.output}`);
      const ready = await fetch(`${this.url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return;
      await sleep(50);
    }
    throw new Error(`The service was not ready in time:\n${this.output}`);
  }
}

/** Real servers, where the environment of the tests names them: a database of its own for every service. */
function enginesOf(dataDirectory: string): Record<string, string> {
  const { MONGO_URL, EVENTSTORE_URL } = process.env;
  const name = dataDirectory.replace(/^.*-/, 'hrbc_test_');
  return {
    ...(MONGO_URL ? { MONGO_URL: MONGO_URL.replace(/^(\w+(?:\+\w+)?:\/\/[^/]+)\/?/, `$1/${name}`) } : {}),
    ...(EVENTSTORE_URL ? { EVENTSTORE_URL } : {}),
  };
}

/** An event store cannot be emptied, so on a real one every service has companies of its own. */
function companyOn(environment: Readonly<Record<string, string>>, company: string | undefined): string | undefined {
  if (!environment['EVENTSTORE_URL']) return company;
  return `${company ?? 'sample'}.${environment['PORT'] ?? ''}.${environment['DATA_DIR']?.slice(-6) ?? ''}`;
}

async function dropDatabase(url: string): Promise<void> {
  const connection = await mongoose.createConnection(url).asPromise();
  await connection.dropDatabase();
  await connection.close();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
