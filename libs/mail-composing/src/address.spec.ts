import { describe, expect, it } from 'vitest';
import { isAddress, toAddrSpec } from './address.js';
import { bccHeader } from './bcc-header.js';
import { isMessageId, messageIdsIn } from './message-id.js';

describe('an address', () => {
  it.each([
    ['taro@sample.example', 'taro@sample.example'],
    ['tanaka..x.@docomo.ne.jp', '"tanaka..x."@docomo.ne.jp'],
    ['.foo@ezweb.ne.jp', '".foo"@ezweb.ne.jp'],
    ["o'brien+tag@x.example", "o'brien+tag@x.example"],
    ['info@日本語.example', 'info@xn--wgv71a119e.example'],
  ])('%s is written %s', (address, written) => {
    expect(isAddress(address)).toBe(true);
    expect(toAddrSpec(address)).toBe(written);
  });

  it.each([
    '',
    'taro',
    '@x.example',
    'taro@',
    'taro@localhost',
    'taro@192.168.0.1',
    'taro@0x7f000001',
    'a b@x.example',
    'a@b@x.example',
    'a"b@x.example',
    'a<b@x.example',
    'a@x.example\r\nRCPT TO:<b@x.example>',
    'a\u0000@x.example',
    '山田@x.example',
    `${'a'.repeat(65)}@x.example`,
    `a@${'b'.repeat(64)}.example`,
    'a@x..example',
  ])('%j is none', (address) => {
    expect(isAddress(address)).toBe(false);
    expect(() => toAddrSpec(address)).toThrow();
  });
});

describe('the line for blind recipients', () => {
  it('names them, folded', () => {
    expect(bccHeader(['a@x.example', 'b..c@x.example'])).toBe('Bcc: a@x.example,\r\n "b..c"@x.example\r\n');
  });
  it('is not there without any', () => expect(bccHeader([])).toBe(''));
});

describe('a Message-ID', () => {
  it.each(['<a@b>', '<CAF+abc=123@mail.gmail.com>', '<x.$y@[10.0.0.1]>'])('%s', (id) =>
    expect(isMessageId(id)).toBe(true),
  );
  it.each(['a@b', '<a>', '<a b@c>', '<a@b>\r\nBcc: x@y.example', `<${'a'.repeat(900)}@b>`, '<a@b><c@d>'])(
    'not %j',
    (id) => expect(isMessageId(id)).toBe(false),
  );
  it('is found among others, and debris is left out', () => {
    expect(messageIdsIn('<a@b> (comment) <c@d>\t nonsense <e>')).toEqual(['<a@b>', '<c@d>']);
  });
});
