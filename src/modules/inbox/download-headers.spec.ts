import { describe, expect, it } from 'vitest';
import { downloadHeaders } from './download-headers.js';

describe('a download', () => {
  it('carries a Japanese name, and one for programs that cannot read it', () =>
    expect(downloadHeaders('履歴書 (1).pdf', 'application/pdf')).toMatchObject({
      'Content-Type': 'application/pdf',
      'Content-Disposition':
        'attachment; filename="___ (1).pdf"; filename*=UTF-8\'\'%E5%B1%A5%E6%AD%B4%E6%9B%B8%20%281%29.pdf',
      'X-Content-Type-Options': 'nosniff',
    }));

  it.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript', 'bad type', ''])(
    'never goes out as %j',
    (type) => expect(downloadHeaders('a', type)['Content-Type']).toBe('application/octet-stream'),
  );

  it('cannot break out of its header', () => {
    const header = downloadHeaders('a"; x=\r\nSet-Cookie: b', 'text/plain')['Content-Disposition'];
    expect(header).toBe(
      'attachment; filename="a_; x=__Set-Cookie: b"; filename*=UTF-8\'\'a%22%3B%20x%3D%0D%0ASet-Cookie%3A%20b',
    );
  });
});
