/** Types that a browser would run or draw if it were talked into opening the download in its place. */
const ACTIVE = /(html|xml|svg|script|xsl)/i;
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/**
 * Headers by which a browser saves and never shows (R36 ff.): the name in UTF-8 (RFC 6266, RFC 8187) beside one in
 * ASCII for old programs, no sniffing, and a type of ours in place of one that could be run.
 */
export function downloadHeaders(name: string, type: string): Record<string, string> {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return {
    'Content-Type': MEDIA_TYPE.test(type) && !ACTIVE.test(type) ? type : 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encoded(name)}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cache-Control': 'private, no-store',
  };
}

/** RFC 8187 leaves fewer characters alone than encodeURIComponent does. */
const encoded = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
