import { certificateKeyPair, issueCertificate } from '@libs/certificates';
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The names under which simulators are reached. */
const NAMES = ['localhost', '127.0.0.1'];
const CERTIFICATE_FILE = 'simulators-ca.pem';
const KEY_FILE = 'simulators-ca.key';
/** Made anew when it would end sooner than this. */
const REMAINING_MS = 30 * 86_400_000;

/** The certification authority of simulators: nobody trusts it who was not told to. */
export interface SimulatorAuthority {
  /** PEM: what a client has to trust. */
  readonly certificate: string;
  /** PEM: a server certificate for loopback names, and its key. */
  issue(): { readonly certificate: string; readonly key: string };
}

/**
 * An authority for this start only or, with a directory, one that is kept there: a browser that was told once to trust
 * `simulators-ca.pem` goes on trusting it.
 */
export async function simulatorAuthority(directory?: string): Promise<SimulatorAuthority> {
  const kept = directory === undefined ? null : await readKept(directory);
  if (kept !== null) return authorityOf(kept.certificate, kept.key);
  const { publicKey, privateKey } = certificateKeyPair();
  // A name of its own: clients that trust several authorities look for the signer by its name.
  const name = `HRBC Mail provider simulators ${randomUUID()}`;
  const certificate = issueCertificate({
    subject: name,
    issuer: name,
    subjectKey: publicKey,
    signer: privateKey,
    authority: true,
  });
  if (directory !== undefined) await keep(directory, certificate, privateKey);
  return authorityOf(certificate, privateKey);
}

function authorityOf(certificate: string, key: KeyObject): SimulatorAuthority {
  const issuer = new X509Certificate(certificate).subject.replace(/^CN=/, '');
  return {
    certificate,
    issue() {
      const { publicKey, privateKey } = certificateKeyPair();
      return {
        certificate: issueCertificate({
          subject: 'localhost',
          issuer,
          subjectKey: publicKey,
          signer: key,
          names: NAMES,
        }),
        key: pemOf(privateKey),
      };
    },
  };
}

async function readKept(directory: string): Promise<{ certificate: string; key: KeyObject } | null> {
  try {
    const certificate = await readFile(join(directory, CERTIFICATE_FILE), 'utf8');
    const key = createPrivateKey(await readFile(join(directory, KEY_FILE), 'utf8'));
    const parsed = new X509Certificate(certificate);
    const lasts = parsed.validToDate.getTime() > Date.now() + REMAINING_MS;
    return lasts && parsed.publicKey.equals(createPublicKey(key)) ? { certificate, key } : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function keep(directory: string, certificate: string, key: KeyObject): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, KEY_FILE), pemOf(key), { mode: 0o600 });
  await writeFile(join(directory, CERTIFICATE_FILE), certificate);
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
