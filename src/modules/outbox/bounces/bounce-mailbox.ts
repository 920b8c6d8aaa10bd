import { type MailAccount } from '../../../gateways/index.js';

/** `imap://user:password@host:port` or `imaps://…` (SMTP_BOUNCE_MAILBOX) as an account. */
export function bounceAccount(mailboxUrl: string): MailAccount {
  const url = new URL(mailboxUrl);
  const isSecure = url.protocol === 'imaps:';
  return {
    protocol: 'imap',
    security: isSecure ? 'ssl' : 'none',
    // An IPv6 address stands in brackets in a URL and nowhere else.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 993 : 143) : Number(url.port),
    accountName: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}
