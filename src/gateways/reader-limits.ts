/** What bounds a reader in memory and time. Tests lower them. */
export interface ReaderLimits {
  /** Most mails in a batch. */
  readonly batchMails: number;
  /** Most bytes in a batch, unless a single mail is larger. */
  readonly batchBytes: number;
  /** A mail larger than this many bytes is not fetched but reported as unreadable. */
  readonly mailBytes: number;
  /** From looking the name up until the INBOX is open. */
  readonly connectMs: number;
  /** Longest silence of the server while it owes an answer. */
  readonly silenceMs: number;
  /** Longest time for one batch, however diligently the server drips it. */
  readonly batchMs: number;
}

export const defaultReaderLimits: ReaderLimits = {
  batchMails: 200,
  batchBytes: 8 * 1024 * 1024,
  mailBytes: 150 * 1024 * 1024,
  connectMs: 30_000,
  silenceMs: 60_000,
  batchMs: 10 * 60_000,
};
