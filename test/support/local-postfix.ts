import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = '/usr/sbin/postfix';
const DAEMONS = '/usr/lib/postfix/sbin';
const START_DEADLINE_MS = 20_000;

/** Why Postfix cannot be run here; null: it can. */
export function postfixMissing(): string | null {
  if (!existsSync(PROGRAM) || !existsSync(join(DAEMONS, 'master'))) return 'Postfix is not installed';
  // It gives its parts accounts of their own, which only root may do.
  return userInfo().uid === 0 ? null : 'Postfix runs as root only';
}

/** When this process ends, however it ends, the guard's input ends, and with it Postfix. */
const GUARD = `
postfix -c "$1" start-fg </dev/null >/dev/null 2>&1 &
server=$!
read -r _
kill "$server" 2>/dev/null
wait "$server"
rm -rf "$1"
`;

/**
 * A throw-away Postfix on loopback, from which no mail leaves this machine: it delivers into Maildirs, and reports what
 * it cannot deliver. It takes every recipient and finds out afterwards, as a relay does. Mail to `slow.example` waits
 * for ever, which is reported after a second.
 */
export class LocalPostfix {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param maildirs address to Maildir; the Maildirs exist, and belong to who reads them */
  static async start(maildirs: Readonly<Record<string, string>>): Promise<LocalPostfix> {
    const directory = mkdtempSync(join(tmpdir(), 'lp-'));
    chmodSync(directory, 0o755); // Postfix's own accounts walk through it
    const port = await freePort();
    writeConfiguration(directory, port, maildirs);
    const child = spawn('/bin/sh', ['-c', GUARD, 'guard', directory], { stdio: ['pipe', 'ignore', 'ignore'] });
    const exited = once(child, 'exit');
    const end = async (): Promise<void> => {
      child.stdin.end();
      await exited;
      rmSync(directory, { recursive: true, force: true });
    };
    for (const deadline = Date.now() + START_DEADLINE_MS; !(await greets(port)); await sleep(50)) {
      if (Date.now() < deadline && child.exitCode === null) continue;
      const log = logIn(directory);
      await end();
      throw new Error(`Postfix did not start: ${log}`);
    }
    return new LocalPostfix(port, directory, end);
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** What it has written to its log. */
  get log(): string {
    return logIn(this.directory);
  }

  async stop(): Promise<void> {
    await this.end();
  }
}

function writeConfiguration(directory: string, port: number, maildirs: Readonly<Record<string, string>>): void {
  for (const part of ['spool', 'data']) mkdirSync(join(directory, part));
  const owner = statSync(Object.values(maildirs)[0] ?? directory);
  const account = accountOf('postfix');
  chownSync(join(directory, 'data'), account.uid, account.gid);
  const domains = new Set(Object.keys(maildirs).map((address) => address.split('@').at(-1)));
  const lines = Object.entries(maildirs).map(([address, path]) => `${address} .${path}/\n`);
  writeFileSync(join(directory, 'mailboxes'), lines.join(''));
  writeFileSync(join(directory, 'main.cf'), mainConfiguration(directory, [...domains].join(', '), owner));
  writeFileSync(join(directory, 'master.cf'), services(port));
}

const mainConfiguration = (directory: string, domains: string, owner: { uid: number; gid: number }): string =>
  Object.entries({
    compatibility_level: '3.6',
    queue_directory: `${directory}/spool`,
    data_directory: `${directory}/data`,
    command_directory: '/usr/sbin',
    daemon_directory: DAEMONS,
    maillog_file: `${directory}/log`,
    maillog_file_prefixes: directory,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.0/8',
    myhostname: 'mx.hrbc.example',
    mydestination: '',
    alias_maps: '',
    local_transport: 'error:nobody is local here',
    default_transport: 'error:5.1.2 no mail leaves this machine',
    transport_maps: 'inline:{ { slow.example = retry:4.4.1 nobody answers } }',
    virtual_mailbox_domains: domains,
    virtual_mailbox_base: '/',
    virtual_mailbox_maps: `texthash:${directory}/mailboxes`,
    virtual_uid_maps: `static:${owner.uid}`,
    virtual_gid_maps: `static:${owner.gid}`,
    virtual_minimum_uid: '1',
    virtual_mailbox_limit: '0',
    message_size_limit: '52428800',
    recipient_delimiter: '+',
    smtpd_reject_unlisted_recipient: 'no',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    smtpd_peername_lookup: 'no',
    delay_warning_time: '1s',
    queue_run_delay: '1s',
    minimal_backoff_time: '1s',
  })
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');

/** master(5): nothing in a chroot, for there is nothing to protect. */
const services = (port: number): string => `127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

/** From /etc/passwd, where its package put it. */
function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`)); // prettier-ignore
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

const logIn = (directory: string): string => {
  const path = join(directory, 'log');
  return existsSync(path) ? readFileSync(path, 'utf8').slice(-4_000) : 'it left no log';
};

async function greets(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(2_000, () => socket.destroy());
  try {
    const [first] = (await once(socket, 'data')) as [Buffer];
    return first.toString().startsWith('220');
  } catch {
    return false; // not yet
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
