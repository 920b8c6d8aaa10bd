import type { MailAccount, MailNetwork } from './mail-account.js';
import type { ReaderLimits } from './reader-limits.js';

/** All that a reader's connections need to know. */
export interface ReaderEnvironment {
  readonly account: MailAccount;
  readonly network: MailNetwork;
  readonly limits: ReaderLimits;
  /** Ends every connection and whatever runs on it. */
  readonly signal: AbortSignal;
}
