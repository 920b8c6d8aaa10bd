import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, it, expect } from 'vitest';
import { EXPIRED, makeServerCertificate, OTHER_NAME } from './test-certificates.js';

const now = new Date();

describe('makeServerCertificate', () => {
  it('makes a certificate that its own authority has signed, for the local names', () => {
    const { certificate, ca, key } = makeServerCertificate('valid');
    const [server, authority] = [new X509Certificate(certificate), new X509Certificate(ca)];
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkIssued(authority)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(server.validFromDate < now && server.validToDate > now).toBe(true);
  });

  it('makes a self-signed one', () => {
    const { certificate, ca } = makeServerCertificate('self-signed');
    const server = new X509Certificate(certificate);
    expect(server.verify(server.publicKey)).toBe(true);
    expect(server.verify(new X509Certificate(ca).publicKey)).toBe(false);
  });

  it('makes an expired one', () => {
    const server = new X509Certificate(makeServerCertificate('expired').certificate);
    expect(server.validToDate).toEqual(EXPIRED.until);
  });

  it('makes one for another name', () => {
    const server = new X509Certificate(makeServerCertificate('wrong-name').certificate);
    expect(server.checkHost('localhost')).toBeUndefined();
    expect(server.checkHost(OTHER_NAME)).toBe(OTHER_NAME);
  });
});
