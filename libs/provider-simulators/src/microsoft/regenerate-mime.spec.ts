import { describe, expect, it } from 'vitest';
import { regenerateMime } from './regenerate-mime.js';

const plain = Buffer.from(
  'Received: from a by b\r\n\tfor c\r\nSubject: =?UTF-8?B?44GC?=\r\nMessage-ID: <1@example.com>\r\n\r\nテキスト\r\n',
);
const multipart = Buffer.from(
  'Subject: x\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\nHello\r\n--outer--\r\n',
);

describe('MIME written anew', () => {
  it('differs each time', () => {
    expect(regenerateMime(plain)).not.toEqual(regenerateMime(plain));
    expect(regenerateMime(multipart)).not.toEqual(regenerateMime(multipart));
  });
  it('keeps the headers that say what the mail is, and loses where it came by', () => {
    const header = regenerateMime(plain).toString();
    expect(header).toContain('Subject: =?UTF-8?B?44GC?=\r\n');
    expect(header).toContain('Message-ID: <1@example.com>');
    expect(header).not.toContain('from a by b');
  });
  it('keeps the text, in another encoding', () => {
    const [, body = ''] = regenerateMime(plain).toString().split('\r\n\r\n');
    expect(Buffer.from(body, 'base64').toString()).toBe('テキスト\r\n');
  });
  it('renames boundaries everywhere', () => {
    const text = regenerateMime(multipart).toString();
    const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(boundary).not.toBe('outer');
    expect(text.split(`--${boundary}`)).toHaveLength(3);
  });
});
