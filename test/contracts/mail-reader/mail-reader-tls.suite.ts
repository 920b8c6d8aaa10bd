import { type LocalDovecotOptions, startLocalDovecot } from '@libs/local-dovecot';
import { expect, it, onTestFinished } from 'vitest';
import type { MailAccount } from '../../../src/gateways/mail-account.js';
import type { ReaderUnderTest } from './mail-reader.suite.js';
import { pass, subjects } from './passes.js';
import { DAY_AFTER, sampleMail } from './sample-mails.js';

const taro = { name: 'taro@example.co.jp', password: 'corr3ct horse' };

/** What a MailReader does about encryption, against a real Dovecot with one mail (R18). */
export function itReadsOverTls({ protocol, readerFor }: ReaderUnderTest): void {
  const serving = async (options: Partial<LocalDovecotOptions> = {}) => {
    const server = await startLocalDovecot({ users: [taro], ...options });
    onTestFinished(() => server.stop());
    server.deliver(taro.name, sampleMail('one mail', DAY_AFTER).source, { internalDate: DAY_AFTER });
    const login = { accountName: taro.name, password: taro.password } as const;
    const plain: MailAccount = {
      protocol,
      security: 'none',
      host: server.host,
      port: server.ports[protocol],
      ...login,
    };
    const secured: MailAccount = { ...plain, security: 'ssl', port: server.ports[`${protocol}s`] };
    const strange = { allowedPrivate: [server.host] };
    return { plain, secured, strange, trusted: { ...strange, extraCertificateAuthorities: [server.ca] } };
  };

  it('speaks TLS from the first byte, and verifies the certificate', async () => {
    const { secured, strange, trusted } = await serving();
    expect(subjects(await pass(readerFor(secured, trusted)))).toEqual(['one mail']);
    const byName = { ...secured, host: 'localhost' };
    const network = { ...trusted, allowedPrivate: ['localhost'] };
    expect(subjects(await pass(readerFor(byName, network)))).toEqual(['one mail']);
    await expect(pass(readerFor(secured, strange))).rejects.toMatchObject({
      failure: { kind: 'Unavailable', detail: 'certificate_untrusted' },
    });
  });

  it.each([
    ['self-signed', 'certificate_untrusted'],
    ['expired', 'certificate_expired'],
    ['wrong-name', 'certificate_wrong_name'],
  ] as const)('refuses a certificate that is %s with SSL, and takes it with STARTTLS', async (certificate, detail) => {
    const { plain, secured, trusted } = await serving({ certificate });
    await expect(pass(readerFor(secured, trusted))).rejects.toMatchObject({
      failure: { kind: 'Unavailable', detail },
    });
    expect(subjects(await pass(readerFor(plain, trusted)))).toEqual(['one mail']);
  });

  it('upgrades to TLS where the server offers it, so that the password is not sent in the clear', async () => {
    const { plain, strange } = await serving({ tls: 'required' });
    expect(subjects(await pass(readerFor(plain, strange)))).toEqual(['one mail']);
  });

  it('works without TLS where the server has none', async () => {
    const { plain, trusted } = await serving({ tls: 'off' });
    expect(subjects(await pass(readerFor(plain, trusted)))).toEqual(['one mail']);
  });
}
