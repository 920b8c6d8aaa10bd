/**
 * Whether a browser may be sent to this URL after the consent: only to pages of ours, or anybody could use our callback
 * to send people wherever he likes (RFC 9700, 4.11).
 * @param allowed origins; `:*` at the end of one stands for any port
 */
export function isReturnAllowed(url: string, allowed: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin, username, password } = new URL(url);
  if (!['http:', 'https:'].includes(protocol) || username !== '' || password !== '') return false;
  return allowed.some((entry) => entry === origin || entry === `${protocol}//${hostname}:*`);
}

/** The page with how it went: `?result=ok` or `?result=<code>`. What the page's own query says stays. */
export function withResult(returnUrl: string, result: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('result', result);
  return url.href;
}
