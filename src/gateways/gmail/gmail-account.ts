import type { AccessTokens, KnownLocators } from '../oauth-account.js';
import type { QuotaMeter } from './quota-meter.js';

/** A Gmail mailbox (R03). */
export interface GmailAccount {
  readonly protocol: 'gmail';
  /** Google's id of the account, whatever its address. */
  readonly mailbox: string;
  readonly tokens: AccessTokens;
  /** What of the mailbox's quota is left, shared by everything that reads or sends for it. */
  readonly quota: QuotaMeter;
  readonly known: KnownLocators;
}

/** The name of the world in which a Gmail mailbox's message ids last (MailBatch.locatedIn). */
export const gmailWorld = (mailbox: string): string => `gmail ${mailbox}`;

/** Where the Gmail API is. */
export interface GmailEndpoint {
  /** `https://gmail.googleapis.com` */
  readonly url: string;
  /** Default: the real one; tests turn it. */
  readonly clock?: Clock;
}

/** Time, as far as pacing needs it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so long, and at once when the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}
