/** HRBC's own mail server, as `SMTP_URL` describes it. */
export interface SmtpServerAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`). */
  readonly secure: boolean;
  /** Nothing is sent before STARTTLS has succeeded. */
  readonly requireTls: boolean;
  readonly auth: { readonly user: string; readonly password: string } | null;
  /** What this service calls itself (EHLO); null: the library's choice. */
  readonly name: string | null;
  readonly connectionTimeoutMs: number;
  /** The longest silence that is borne, in particular after the end of the mail. */
  readonly socketTimeoutMs: number;
}

const SECOND = 1_000;

/**
 * Reads `smtp://user:password@host:port?…` or `smtps://…`. Parameters: `requireTls` (default: true where there is a
 * password to protect), `name`, `connectionTimeoutSeconds` (30), `socketTimeoutSeconds` (300: RFC 5321, 4.5.3.2 asks
 * for patience, a server may be scanning the mail).
 * @throws Error that names the parameter and not its value
 */
export function parseSmtpUrl(smtpUrl: string): SmtpServerAddress {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const auth = url.username === '' ? null : credentials(url);
  return {
    // An IPv6 address stands in brackets in a URL and nowhere else.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls: !secure && flag(url, 'requireTls', auth !== null),
    auth,
    name: url.searchParams.get('name'),
    connectionTimeoutMs: seconds(url, 'connectionTimeoutSeconds', 30) * SECOND,
    socketTimeoutMs: seconds(url, 'socketTimeoutSeconds', 300) * SECOND,
  };
}

const credentials = (url: URL) => ({
  user: decodeURIComponent(url.username),
  password: decodeURIComponent(url.password),
});

function flag(url: URL, name: string, otherwise: boolean): boolean {
  const value = url.searchParams.get(name) ?? String(otherwise);
  if (value !== 'true' && value !== 'false') throw new Error(`SMTP_URL: ${name} must be true or false.`);
  return value === 'true';
}

function seconds(url: URL, name: string, otherwise: number): number {
  const value = Number(url.searchParams.get(name) ?? otherwise);
  if (!(value > 0 && value <= 3_600)) throw new Error(`SMTP_URL: ${name} must be more than 0 and at most 3600.`);
  return value;
}
