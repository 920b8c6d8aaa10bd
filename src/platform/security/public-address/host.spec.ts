import { describe, it, expect } from 'vitest';
import { parseHost } from './host.js';

describe('parseHost', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['１２７．０．０．１', '127.0.0.1'],
    ['①②⑦。0。0。1', '127.0.0.1'],
    [' 10.1.2.3 ', '10.1.2.3'],
    ['0', '0.0.0.0'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['[::ffff:7f00:1]', '127.0.0.1'],
  ])('takes %j for the address %s', (input, address) => {
    expect(parseHost(input)).toEqual({ kind: 'address', address });
  });

  it.each([
    ['IMAP.Example.CO.JP', 'imap.example.co.jp'],
    ['imap.example.com.', 'imap.example.com'],
    ['imap.example.com\n', 'imap.example.com'],
    ['メール.jp', 'xn--4dkua4c.jp'],
    ['localhost', 'localhost'],
    ['mail_1.example.com', 'mail_1.example.com'],
  ])('takes %j for the name %s', (input, name) => {
    expect(parseHost(input)).toEqual({ kind: 'name', name });
  });

  it.each([
    '',
    ' ',
    '.',
    '..',
    'a..b',
    '-a.example.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(127)}com`,
    'two words',
    'example.com/path',
    'example.com:143',
    'user@example.com',
    '127.0.0.1%2e',
    '%31%32%37.0.0.1',
    'fe80::1%eth0',
    '[fe80::1%25eth0]',
    '1.2.3.4.5',
    '256.1.1.1',
    'imap.example.com\r\nUSER x',
  ])('takes %j for no host at all', (input) => {
    expect(parseHost(input)).toBeNull();
  });
});
