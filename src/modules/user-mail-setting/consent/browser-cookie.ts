import { type Request, type Response } from 'express';
import { CONSENT_LIFETIME_MS, newSecret } from './pending-consents.js';

const NAME = 'hrbc-consent';
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The secret that tells this browser from others; null: it has none. */
export function browserOf({ headers }: Request): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === NAME)?.[1] ?? '';
  return SECRET.test(value) ? value : null;
}

/**
 * Marks the browser for as long as a consent may take; one that is marked already keeps its mark, so that two tabs do
 * not hinder each other. Lax, because the provider sends the browser back by a link from another site (RFC 6265bis,
 * 5.2); and not for scripts.
 */
export function markBrowser(request: Request, response: Response, secure: boolean): string {
  const browser = browserOf(request) ?? newSecret();
  response.cookie(NAME, browser, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/oauth',
    maxAge: CONSENT_LIFETIME_MS,
  });
  return browser;
}
