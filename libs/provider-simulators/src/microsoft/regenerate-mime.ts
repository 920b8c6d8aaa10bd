import { randomBytes } from 'node:crypto';

const EMPTY_LINE = '\r\n\r\n';

/**
 * The mail as Exchange would write it: it keeps no original and makes the MIME anew at every reading
 * (outlook-get-mime-message.md). So the header keeps its meaning and loses its trace fields, boundaries and transfer
 * encodings are others each time, and what was signed over the bytes no longer holds.
 */
export function regenerateMime(source: Buffer): Buffer {
  const text = source.toString('latin1');
  const split = text.indexOf(EMPTY_LINE);
  if (split < 0) return source;
  const [header, body] = [text.slice(0, split), text.slice(split + EMPTY_LINE.length)];
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(header)?.[1];
  const regenerated = boundary === undefined ? reencoded(header, body) : { header, body: body.trimEnd() + '\r\n\r\n' };
  const whole = `${exchangeFields()}${withoutTrace(regenerated.header)}${EMPTY_LINE}${regenerated.body}`;
  const renamed =
    boundary === undefined ? whole : whole.replaceAll(boundary, `_000_${randomBytes(12).toString('hex')}_`);
  return Buffer.from(renamed, 'latin1');
}

function exchangeFields(): string {
  return `Received: from simulator (::1) by simulator; ${new Date().toUTCString().replace('GMT', '+0000')}\r\nX-MS-Exchange-Organization-Network-Message-Id: ${randomBytes(8).toString('hex')}\r\n`;
}

const withoutTrace = (header: string): string =>
  header.replace(/^(received|return-path|dkim-signature|authentication-results):.*(\r\n[ \t].*)*\r\n/gim, '');

/** A plain body that was sent as it is comes back in base64. */
function reencoded(header: string, body: string): { header: string; body: string } {
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(header)?.[1]?.toLowerCase() ?? '7bit';
  if (!['7bit', '8bit', 'binary'].includes(encoding)) return { header, body: `${body.trimEnd()}\r\n\r\n` };
  const without = header.replace(/^content-transfer-encoding:.*\r\n|\r\ncontent-transfer-encoding:.*$/gim, '');
  const lines =
    Buffer.from(body, 'latin1')
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return { header: `${without}\r\nContent-Transfer-Encoding: base64`, body: `${lines.join('\r\n')}\r\n` };
}
