import { describe, it, expect } from 'vitest';
import { EXPIRED, findDovecot, OTHER_NAME } from '@libs/local-dovecot';
import { diagnose } from '../../../src/gateways/diagnosis/diagnose.js';
import { settingProblem } from '../../../src/gateways/diagnosis/diagnosis.js';
import { sampleMail } from '../mail-reader/sample-mails.js';

import { ask, dependencies, detail, hanako, HASTY, login, outline, signal, started } from './diagnosis-steps.js';

const installed = findDovecot() !== null;

describe.skipIf(!installed).each(['imap', 'pop3'] as const)(
  `diagnosis of %s against Dovecot${installed ? '' : ' (skipped: Dovecot is not installed)'}`,
  (protocol) => {
    it('goes through every step over SSL', async () => {
      const dovecot = await started();
      dovecot.deliver(hanako.name, sampleMail('one', new Date()).source);
      const before = dovecot.snapshot(hanako.name).map(({ flags, id }) => ({ flags, id }));

      const diagnosis = await ask(
        { protocol, security: 'ssl', port: dovecot.ports[`${protocol}s`], ...login },
        dovecot,
      );

      expect(diagnosis).toMatchObject({ ok: true, encryption: 'ssl' });
      expect(outline(diagnosis)).toEqual([
        'name ok',
        'address ok',
        'connect ok',
        'tls ok',
        'greeting ok',
        'login ok',
        'inbox ok',
      ]);
      expect(settingProblem(diagnosis)).toBeNull();
      expect(detail(diagnosis, 'inbox')).toMatch(/1通/);
      expect(dovecot.snapshot(hanako.name).map(({ flags, id }) => ({ flags, id }))).toEqual(before);
      for (const { ms } of diagnosis.steps) expect(ms).toBeGreaterThanOrEqual(0);
    });

    it('upgrades by STARTTLS without asking for a good certificate', async () => {
      const dovecot = await started({ certificate: 'expired' });
      const diagnosis = await ask({ protocol, security: 'none', port: dovecot.ports[protocol], ...login }, dovecot);
      expect(diagnosis).toMatchObject({ ok: true, encryption: 'starttls' });
      expect(outline(diagnosis)).toContain('tls ok');
      expect(detail(diagnosis, 'tls')).toMatch(/STARTTLS/);
    });

    it('says that nothing is encrypted where the server has no TLS', async () => {
      const dovecot = await started({ tls: 'off' });
      const diagnosis = await ask({ protocol, security: 'none', port: dovecot.ports[protocol], ...login }, dovecot);
      expect(diagnosis).toMatchObject({ ok: true, encryption: 'none' });
      expect(detail(diagnosis, 'tls')).toMatch(/暗号化されません/);
    });

    it('logs in where that is refused without TLS, by upgrading first', async () => {
      const dovecot = await started({ tls: 'required' });
      const diagnosis = await ask({ protocol, security: 'none', port: dovecot.ports[protocol], ...login }, dovecot);
      expect(diagnosis).toMatchObject({ ok: true, encryption: 'starttls' });
    });

    it('ends with the greeting where no account is given', async () => {
      const dovecot = await started();
      const diagnosis = await ask({ protocol, security: 'ssl', port: dovecot.ports[`${protocol}s`] }, dovecot);
      expect(outline(diagnosis)).toEqual(['name ok', 'address ok', 'connect ok', 'tls ok', 'greeting ok']);
    });

    it.each([
      ['a wrong password', { password: 'x' }],
      ['an unknown account', { accountName: 'nobody' }],
    ])('finds %s', async (_, wrong) => {
      const dovecot = await started();
      const request = { protocol, security: 'ssl', port: dovecot.ports[`${protocol}s`], ...login, ...wrong } as const;
      const diagnosis = await ask(request, dovecot);
      expect(outline(diagnosis).at(-1)).toBe('login login_failed');
      expect(settingProblem(diagnosis)).toBe('login_failed');
      expect(detail(diagnosis, 'login')).toMatch(/HRBCのパスワードではなく/);
    });

    it.each([
      ['self-signed', 'certificate_self_signed', /localhost/, /localhost/],
      ['expired', 'certificate_expired', /2024年1月1日/, /1 January 2024/],
      ['wrong-name', 'certificate_wrong_name', new RegExp(OTHER_NAME), /not for 127\.0\.0\.1/],
    ] as const)('names what is wrong with a certificate that is %s', async (certificate, code, ja, en) => {
      expect(EXPIRED.until.toISOString()).toContain('2024-01-01');
      const dovecot = await started({ certificate });
      const diagnosis = await ask(
        { protocol, security: 'ssl', port: dovecot.ports[`${protocol}s`], ...login },
        dovecot,
      );
      expect(outline(diagnosis).at(-1)).toBe(`tls ${code}`);
      expect(diagnosis.steps.at(-1)?.detail.ja).toMatch(ja);
      expect(diagnosis.steps.at(-1)?.detail.en).toMatch(en);
      expect(diagnosis.encryption).toBe('none');
    });

    it('does not trust an authority that nobody vouches for', async () => {
      const dovecot = await started();
      const request = { protocol, security: 'ssl', port: dovecot.ports[`${protocol}s`], ...login } as const;
      const diagnosis = await diagnose(
        { ...request, host: dovecot.host, signal },
        { ...dependencies, network: { allowedPrivate: [dovecot.host] } },
      );
      expect(outline(diagnosis).at(-1)).toBe('tls certificate_untrusted');
      expect(diagnosis.steps.at(-1)?.detail.en).toMatch(/issued by local-dovecot test authority/);
    });

    it('finds SSL chosen for a port without it', async () => {
      const dovecot = await started();
      const diagnosis = await ask({ protocol, security: 'ssl', port: dovecot.ports[protocol], ...login }, dovecot);
      expect(outline(diagnosis).at(-1)).toBe('tls tls_not_spoken');
    });

    it('finds a port for SSL without SSL chosen', async () => {
      const dovecot = await started();
      const port = dovecot.ports[`${protocol}s`];
      const diagnosis = await ask({ protocol, security: 'none', port, ...login }, dovecot, { patience: HASTY });
      expect(outline(diagnosis)).toEqual(['name ok', 'address ok', 'connect ok', 'greeting tls_expected']);
    });

    it('finds the port of the other protocol', async () => {
      const dovecot = await started();
      const port = dovecot.ports[protocol === 'imap' ? 'pop3' : 'imap'];
      const diagnosis = await ask({ protocol, security: 'none', port, ...login }, dovecot);
      expect(outline(diagnosis).at(-1)).toBe('greeting other_protocol');
      expect(diagnosis.steps.at(-1)?.detail.en).toMatch(protocol === 'imap' ? /^POP3 is spoken/ : /^IMAP is spoken/);
    });
  },
);
