import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import {
  bitString,
  constructed,
  objectIdentifier,
  octetString,
  positiveInteger,
  primitive,
  sequence,
  setOf,
  time,
  TRUE,
  utf8String,
} from './der.js';

/** What a certificate is to say, and who signs it. */
export interface CertificateRequest {
  /** Common name of the subject and of the issuer; equal for a self-signed certificate. */
  readonly subject: string;
  readonly issuer: string;
  readonly subjectKey: KeyObject;
  readonly signer: KeyObject;
  /** It may sign other certificates. */
  readonly authority?: boolean;
  /** DNS names and IPv4 addresses under which the server is reached. */
  readonly names?: readonly string[];
  /** Default: from yesterday, for a year. */
  readonly validity?: { readonly from: Date; readonly until: Date } | undefined;
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const DAY_MS = 86_400_000;

/**
 * Issues a certificate (RFC 5280; ECDSA on P-256), as PEM. Made here because neither Node nor every machine has a tool
 * that makes certificates, and tests and the sandbox need them.
 */
export function issueCertificate(request: CertificateRequest): string {
  const now = Date.now();
  const { from, until } = request.validity ?? { from: new Date(now - DAY_MS), until: new Date(now + 365 * DAY_MS) };
  const publicKey = request.subjectKey.export({ type: 'spki', format: 'der' });
  const toBeSigned = sequence(
    constructed(0, positiveInteger(Buffer.from([2]))), // version 3
    positiveInteger(randomBytes(16)),
    ECDSA_WITH_SHA256,
    commonName(request.issuer),
    sequence(time(from), time(until)),
    commonName(request.subject),
    publicKey,
    constructed(3, sequence(...extensions(request, publicKey))),
  );
  const signature = sign('sha256', toBeSigned, request.signer);
  return pem(sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature)));
}

/** A key pair such as these certificates are for. */
export function certificateKeyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/** RFC 5280, 4.2.1: what the key is for, and under which names. */
function extensions(request: CertificateRequest, publicKey: Uint8Array): Buffer[] {
  const keyIdentifier = createHash('sha1').update(publicKey).digest();
  const always = extension('2.5.29.14', octetString(keyIdentifier));
  if (request.authority) {
    const keyCertSign = bitString(Buffer.from([0b0000_0110]), 1);
    return [always, extension('2.5.29.19', sequence(TRUE), true), extension('2.5.29.15', keyCertSign, true)];
  }
  const names = (request.names ?? []).map((name) =>
    isIP(name) === 4
      ? primitive(7, Buffer.from(name.split('.').map(Number)))
      : primitive(2, Buffer.from(name, 'ascii')),
  );
  const serverAuth = sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'));
  return [always, extension('2.5.29.17', sequence(...names)), extension('2.5.29.37', serverAuth)];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [TRUE] : []), octetString(value));
}

function commonName(name: string): Buffer {
  return sequence(setOf(sequence(objectIdentifier('2.5.4.3'), utf8String(name))));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
