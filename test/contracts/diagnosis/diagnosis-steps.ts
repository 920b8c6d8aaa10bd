import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { type LocalDovecot, type LocalDovecotOptions, startLocalDovecot } from '@libs/local-dovecot';
import { diagnose } from '../../../src/gateways/diagnosis/diagnose.js';
import {
  type Diagnosis,
  type DiagnosisDependencies,
  type DiagnosisRequest,
} from '../../../src/gateways/diagnosis/diagnosis.js';
import { scriptedServer } from '../mail-reader/scripted-server.js';

export const hanako = { name: 'hanako@example.co.jp', password: 'mail server password' };
export const EGRESS = ['52.69.227.39', '3.114.155.87', '3.114.148.79'];
export const HASTY = { connect: 500, tls: 500, greeting: 300, answer: 500, total: 5000 };

export const { signal } = new AbortController();
export const login = { accountName: hanako.name, password: hanako.password };
export const dependencies: DiagnosisDependencies = {
  network: { allowedPrivate: ['127.0.0.1'] },
  egressAddresses: EGRESS,
};

export async function started(options: Partial<LocalDovecotOptions> = {}): Promise<LocalDovecot> {
  const dovecot = await startLocalDovecot({ users: [hanako], ...options });
  onTestFinished(() => dovecot.stop());
  return dovecot;
}

export function ask(
  request: Omit<DiagnosisRequest, 'host' | 'signal'>,
  dovecot: LocalDovecot,
  more: Partial<DiagnosisDependencies> = {},
): Promise<Diagnosis> {
  const network = { allowedPrivate: [dovecot.host], extraCertificateAuthorities: [dovecot.ca] };
  return diagnose({ ...request, host: dovecot.host, signal }, { ...dependencies, network, ...more });
}

/** An IMAP server that answers as told, and decently otherwise. */
export function imapServer(answers: { capabilities?: string; login?: string; examine?: string }) {
  return scriptedServer({
    onConnect: (socket) => void socket.write('* OK hello\r\n'),
    onLine: (line, socket) => {
      const [tag, command] = line.split(' ');
      if (command === 'CAPABILITY') socket.write(`* CAPABILITY ${answers.capabilities ?? 'IMAP4rev1'}\r\n`);
      const answer = { LOGIN: answers.login, EXAMINE: answers.examine }[command ?? ''];
      socket.write(`${tag} ${answer ?? 'OK done'}\r\n`);
    },
  });
}

export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function outline({ steps }: Diagnosis): string[] {
  return steps.map(({ step, ok, code }) => `${step} ${ok ? 'ok' : code}`);
}

export function detail({ steps }: Diagnosis, name: string): string {
  return steps.find(({ step }) => step === name)?.detail.ja ?? '';
}
