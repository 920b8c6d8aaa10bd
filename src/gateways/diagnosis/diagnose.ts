import { type VettedHost, vetMailHost } from '../../platform/security/public-address/index.js';
import { withinDeadline } from '../deadline.js';
import { LineConnection } from '../line-connection.js';
import { assertTransmissible, type MailAccount } from '../mail-account.js';
import { oauthServiceOf } from '../oauth-only-hosts.js';
import { tlsOptions } from '../tls-trust.js';
import { type Diagnosis, defaultPatience, type DiagnosisDependencies, type DiagnosisRequest } from './diagnosis.js';
import { ImapDialogue } from './imap-dialogue.js';
import type { MailDialogue } from './mail-dialogue.js';
import { certificateFacts, certificateProblem } from './peer-certificate.js';
import { Pop3Dialogue } from './pop3-dialogue.js';
import { StepFailure } from './step-failure.js';
import { StepRecord } from './step-record.js';

const SERVICE_NAMES = { office365: 'Office365', gmail: 'Gmail' } as const;

/**
 * Tries a mail server the way it will be used, step by step, and says what was seen (R22): name → address → connect →
 * tls → greeting → login → inbox. Opens at most one connection, and none to an address that is not public or exempt.
 * Changes nothing on the server. Never rejects; takes at most `patience.total`.
 */
export async function diagnose(request: DiagnosisRequest, dependencies: DiagnosisDependencies): Promise<Diagnosis> {
  const { protocol, port, host, signal } = request;
  const record = new StepRecord({ protocol, port, host: host.trim(), egress: dependencies.egressAddresses });
  const stop = new AbortController();
  try {
    await withinDeadline(new Examination(request, dependencies, record, stop.signal).run(), {
      milliseconds: (dependencies.patience ?? defaultPatience).total,
      signal,
      stop: () => stop.abort(),
    });
  } catch (error) {
    record.interrupt(error);
  }
  return record.result();
}

class Examination {
  constructor(
    private readonly request: DiagnosisRequest,
    private readonly dependencies: DiagnosisDependencies,
    private readonly record: StepRecord,
    private readonly stop: AbortSignal,
  ) {}

  /** Rejects with what was recorded for the step that failed. */
  async run(): Promise<void> {
    const vetted = await this.#vet();
    const connection = await this.#connect(vetted);
    const close = (): void => connection.close();
    this.stop.addEventListener('abort', close, { once: true });
    try {
      await this.#talk(connection);
    } finally {
      this.stop.removeEventListener('abort', close);
      connection.close();
    }
  }

  async #vet(): Promise<VettedHost> {
    const { network } = this.dependencies;
    const verdict = await this.record.step('name', async () => {
      const [found, service] = await Promise.all([
        vetMailHost(this.request, network),
        oauthServiceOf(this.request.host, network.resolver),
      ]);
      if (service) throw new StepFailure('oauth_only_host', { service: SERVICE_NAMES[service] });
      const isUnknown = !found.ok && (found.refusal === 'unknown_host' || found.refusal === 'lookup_failed');
      if (isUnknown) throw new StepFailure(found.refusal);
      return found;
    });
    await this.record.step('address', async () => {
      if (!verdict.ok && verdict.refusal === 'private_address') throw new StepFailure('private_address');
    });
    if (verdict.ok) return verdict;
    return this.record.step('connect', () => Promise.reject(new StepFailure(verdict.refusal)));
  }

  #connect(vetted: VettedHost): Promise<LineConnection> {
    const { connect: connectMs, answer: silenceMs } = this.#patience;
    const options = { connectMs, silenceMs, signal: this.stop };
    return this.record.step('connect', () => LineConnection.open(vetted, this.request.port, options));
  }

  async #talk(connection: LineConnection): Promise<void> {
    const { protocol, security, accountName, password } = this.request;
    const dialogue = protocol === 'imap' ? new ImapDialogue(connection) : new Pop3Dialogue(connection);
    if (security === 'ssl') await this.record.step('tls', () => this.#startVerifiedTls(connection));
    await this.record.step('greeting', () => this.#greeting(dialogue, connection));
    if (security === 'none') await this.record.step('tls', () => this.#upgrade(dialogue, connection));
    if (accountName !== undefined && password !== undefined) {
      await this.#logIn(dialogue, { ...this.request, accountName, password });
    }
    dialogue.leave();
  }

  async #startVerifiedTls(connection: LineConnection): Promise<void> {
    connection.silenceMs = this.#patience.tls;
    // looked at here instead of by node:tls, so that a refused certificate can be described
    const options = { ...tlsOptions('ssl', this.dependencies.network), rejectUnauthorized: false };
    const socket = await connection.startTls(options);
    const certificate = certificateFacts(socket);
    const problem = certificateProblem(socket);
    if (problem) throw new StepFailure(problem, { ...(certificate && { certificate }) });
    this.record.learn({ tlsVersion: socket.getProtocol() ?? 'TLS', ...(certificate && { certificate }) });
    this.record.encryption = 'ssl';
  }

  async #greeting(dialogue: MailDialogue, connection: LineConnection): Promise<void> {
    connection.silenceMs = this.#patience.greeting;
    try {
      await dialogue.greeting();
    } catch (error) {
      if (this.request.security === 'none' && isSilence(error) && (await this.#speaksTls(connection))) {
        throw new StepFailure('tls_expected');
      }
      throw error;
    }
    connection.silenceMs = this.#patience.answer;
  }

  /** A server that waits for TLS says nothing until it sees the beginning of a handshake. */
  async #speaksTls(connection: LineConnection): Promise<boolean> {
    connection.silenceMs = this.#patience.tls;
    return connection.startTls(tlsOptions('none', this.dependencies.network)).then(
      () => true,
      () => false, // whatever it is, TLS it is not
    );
  }

  async #upgrade(dialogue: MailDialogue, connection: LineConnection): Promise<void> {
    const socket = (await dialogue.offersStartTls())
      ? await dialogue.startTls(tlsOptions('none', this.dependencies.network))
      : null;
    this.record.learn(
      socket ? { startTls: 'used', tlsVersion: socket.getProtocol() ?? 'TLS' } : { startTls: 'not_offered' },
    );
    if (socket) this.record.encryption = 'starttls';
    connection.silenceMs = this.#patience.answer;
  }

  async #logIn(dialogue: MailDialogue, account: MailAccount): Promise<void> {
    await this.record.step('login', async () => {
      assertTransmissible(account);
      await dialogue.login(account.accountName, account.password);
    });
    await this.record.step('inbox', async () => this.record.learn({ mails: await dialogue.inbox() }));
  }

  get #patience() {
    return this.dependencies.patience ?? defaultPatience;
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SILENCE';
}
