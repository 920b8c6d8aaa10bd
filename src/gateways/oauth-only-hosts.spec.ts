import { describe, it, expect } from 'vitest';
import type { HostResolver } from '../platform/security/public-address/index.js';
import { oauthServiceOf } from './oauth-only-hosts.js';

const aliases: Readonly<Record<string, string>> = {
  'imap.company.co.jp': 'Mail.Provider.Example.',
  'mail.provider.example': 'outlook.office365.com.',
  'pop.company.co.jp': 'gmail-pop.l.google.com',
  'own.company.co.jp': 'server1.company.co.jp',
  'loop-a.example.com': 'loop-b.example.com',
  'loop-b.example.com': 'loop-a.example.com',
};

const resolver: HostResolver = {
  addresses: () => Promise.reject(new Error('not asked for addresses')),
  aliases: async (name) => {
    const alias = aliases[name];
    if (!alias) throw Object.assign(new Error('queryCname ENODATA'), { code: 'ENODATA' });
    return [alias];
  },
};

describe('oauthServiceOf', () => {
  it.each([
    'outlook.office365.com',
    'OUTLOOK.Office365.com.',
    'outlook.office.com',
    'imap-mail.outlook.com',
    'pop-mail.outlook.com',
    'company-co-jp.mail.protection.outlook.com',
    'imap.live.com',
    'imap.company.co.jp',
  ])('%s is Office365', async (host) => {
    expect(await oauthServiceOf(host, resolver)).toBe('office365');
  });

  it.each(['imap.gmail.com', 'pop.gmail.com', 'imap.googlemail.com', 'gmail-imap.l.google.com', 'pop.company.co.jp'])(
    '%s is Gmail',
    async (host) => {
      expect(await oauthServiceOf(host, resolver)).toBe('gmail');
    },
  );

  it.each([
    'imap.example.com',
    'own.company.co.jp',
    'notoutlook.com',
    'outlook.com.example.com',
    'gmail.com.example.net',
    'loop-a.example.com',
    '8.8.8.8',
    '127.1',
    'not a host',
    '',
  ])('%j is neither', async (host) => {
    expect(await oauthServiceOf(host, resolver)).toBeNull();
  });

  it('gives up on an endless chain of aliases', async () => {
    let asked = 0;
    const endless: HostResolver = { ...resolver, aliases: async () => [`alias-${asked++}.example.com`] };
    expect(await oauthServiceOf('imap.example.com', endless)).toBeNull();
    expect(asked).toBeLessThan(20);
  });
});
