import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type DovecotPorts, dovecotConfiguration, type TlsMode } from './dovecot-configuration.js';
import { type DovecotProcess, KEEP_MARKER, PortTaken, startDovecotProcess } from './dovecot-process.js';
import { findDovecot } from './find-dovecot.js';
import { freePorts } from './free-ports.js';
import { type Delivery, Maildir, type MaildirEntry } from './maildir.js';
import { type MailOwner, mailOwner, makeMailDirectory, reachableMailDirectory } from './mail-owner.js';
import { type CertificateKind, makeServerCertificate, type ServerCertificate } from './test-certificates.js';

export interface LocalDovecotOptions {
  readonly users: readonly { readonly name: string; readonly password: string }[];
  /** Where mail is kept from one start to the next. Default: a temporary directory that stop() removes. */
  readonly directory?: string;
  /** Default `offered`. */
  readonly tls?: TlsMode;
  /** Default `valid`: signed by `ca`, for localhost and 127.0.0.1. */
  readonly certificate?: CertificateKind;
  /** Whether fetching by POP3 sets \Seen, as Dovecot does unless told otherwise (pop3_no_flag_updates). Default true. */
  readonly pop3MarksSeen?: boolean;
  /** Where to listen if nobody else does, so that clients of an earlier start find it again. Default: anywhere. */
  readonly ports?: DovecotPorts;
}

/**
 * Dovecot holds a client on its own address to be safe without TLS. To 127.0.0.2 Linux connects from 127.0.0.1, two
 * addresses, and so a login without TLS is refused there as it would be for a client far away. Elsewhere than on
 * Linux that address does not exist, and `required` refuses nothing.
 */
const hostFor = (tls: TlsMode | undefined): string =>
  tls === 'required' && process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/**
 * A throw-away Dovecot on loopback with mailboxes of its own: for tests and for trying the product, never for real
 * mail. Needs an installed Dovecot 2.3 (see findDovecot) and no configuration of it; runs as root and as anybody.
 */
export class LocalDovecot {
  /** A loopback address. */
  readonly host: string;
  readonly #mailboxes = new Map<string, Maildir>();
  #process: DovecotProcess | null = null;
  #ports: DovecotPorts = { imap: 0, imaps: 0, pop3: 0, pop3s: 0 };

  private constructor(
    private readonly binary: string,
    private readonly options: LocalDovecotOptions,
    private readonly owner: MailOwner,
    private readonly sessionDirectory: string,
    private readonly certificate: ServerCertificate,
  ) {
    this.host = hostFor(options.tls);
    const root = options.directory ? reachableMailDirectory(options.directory, owner) : sessionDirectory;
    for (const { name } of options.users) {
      const home = join(root, 'mail', encodeURIComponent(name));
      makeMailDirectory(home, owner);
      this.#mailboxes.set(name, new Maildir(join(home, 'Maildir'), owner));
    }
  }

  /** Starts one; throws if Dovecot is not installed or does not come up within 15 seconds. */
  static async start(options: LocalDovecotOptions): Promise<LocalDovecot> {
    const binary = findDovecot();
    if (!binary) throw new Error('Dovecot is not installed');
    // short, because Unix sockets live in it and their paths end at about 100 characters
    const sessionDirectory = mkdtempSync(join(tmpdir(), 'ld-'));
    chmodSync(sessionDirectory, 0o755); // Dovecot's own accounts walk through it
    const certificate = makeServerCertificate(options.certificate ?? 'valid');
    const dovecot = new LocalDovecot(binary, options, mailOwner(), sessionDirectory, certificate);
    try {
      await dovecot.#startOnFreePorts();
    } catch (error) {
      rmSync(sessionDirectory, { recursive: true, force: true });
      throw error;
    }
    return dovecot;
  }

  /** Where it listens; imaps and pop3s are 0 where TLS is off. The same after a restart. */
  get ports(): DovecotPorts {
    return this.#ports;
  }

  /** PEM of the certification authority that signed the certificate (unless that is self-signed). */
  get ca(): string {
    return this.certificate.ca;
  }

  /** Delivers a mail; whoever asks the server from now on sees it. See Maildir.deliver. */
  deliver(user: string, source: Uint8Array, delivery?: Delivery): void {
    this.#mailbox(user).deliver(source, delivery);
  }

  /** Every mail of the user, as it lies on disk: two equal snapshots prove that nothing was changed in between. */
  snapshot(user: string): MaildirEntry[] {
    return this.#mailbox(user).snapshot();
  }

  /** Removes a mail of the user's INBOX behind the server's back; `id` as in the snapshot. */
  remove(user: string, id: string): void {
    this.#mailbox(user).remove(id);
  }

  /** The next session finds another UIDVALIDITY and new UIDs in the user's INBOX. */
  resetUidValidity(user: string): void {
    this.#mailbox(user).resetUidValidity();
  }

  /** The user's Maildir on disk, for damage that only a test would do. */
  maildir(user: string): string {
    return this.#mailbox(user).path;
  }

  /** Ends it and removes what it kept, the mail in a `directory` given excepted. */
  async stop(): Promise<void> {
    // an orderly end takes Dovecot a second, and is of use only to mail that somebody will read again
    await (this.options.directory ? this.#process?.stop() : this.#process?.kill());
    this.#process = null;
    rmSync(this.sessionDirectory, { recursive: true, force: true });
  }

  /** Ends it by SIGKILL. restart() brings it back. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = null;
  }

  /** Ends it if it runs, and starts it anew: same ports, same certificate, same mail. */
  async restart(): Promise<void> {
    writeFileSync(join(this.sessionDirectory, KEEP_MARKER), '');
    await this.#process?.stop();
    rmSync(join(this.sessionDirectory, 'run'), { recursive: true, force: true });
    rmSync(join(this.sessionDirectory, KEEP_MARKER));
    await this.#startProcess();
  }

  async #anyPorts(): Promise<DovecotPorts> {
    const [imap = 0, pop3 = 0, imaps = 0, pop3s = 0] = await freePorts(this.host, this.options.tls === 'off' ? 2 : 4);
    return { imap, imaps, pop3, pop3s };
  }

  async #startOnFreePorts(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#ports = attempt === 1 && this.options.ports ? this.options.ports : await this.#anyPorts();
      try {
        return await this.#startProcess();
      } catch (error) {
        if (!(error instanceof PortTaken) || attempt === 5) throw error;
      }
    }
  }

  async #startProcess(): Promise<void> {
    const greeting = `Dovecot ready. ${randomBytes(6).toString('hex')}`;
    this.#writeSession(greeting);
    this.#process = await startDovecotProcess(this.binary, this.sessionDirectory, {
      host: this.host,
      ports: [this.#ports.imap, this.#ports.pop3],
      greeting,
    });
  }

  #writeSession(greeting: string): void {
    const directory = this.sessionDirectory;
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    writeFileSync(join(directory, 'server.pem'), this.certificate.certificate);
    writeFileSync(join(directory, 'server.key'), this.certificate.key, { mode: 0o600 });
    const users = this.options.users.map(({ name, password }) => {
      return `${name}:${hashed(password)}::::${join(this.#mailbox(name).path, '..')}::\n`;
    });
    writeFileSync(join(directory, 'users'), users.join(''), { mode: 0o600 });
    const configuration = dovecotConfiguration({
      sessionDirectory: directory,
      host: this.host,
      ports: this.#ports,
      tls: this.options.tls ?? 'offered',
      pop3MarksSeen: this.options.pop3MarksSeen ?? true,
      greeting,
      unprivileged: this.owner.startedByRoot ? null : { user: userInfo().username, group: groupName() },
      mailOwner: this.owner,
    });
    writeFileSync(join(directory, 'dovecot.conf'), configuration);
  }

  #mailbox(user: string): Maildir {
    const mailbox = this.#mailboxes.get(user);
    if (!mailbox) throw new Error('There is no such user on this Dovecot');
    return mailbox;
  }
}

/** Dovecot's SSHA256: the password itself is on no disk (doc.dovecot.org/2.3, "Password schemes"). */
function hashed(password: string): string {
  const salt = randomBytes(8);
  const digest = createHash('sha256').update(password, 'utf8').update(salt).digest();
  return `{SSHA256}${Buffer.concat([digest, salt]).toString('base64')}`;
}

function groupName(): string {
  return execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
}
