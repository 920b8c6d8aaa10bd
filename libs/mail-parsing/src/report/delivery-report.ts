/** What a mail system reports about a mail that it could not deliver, or not yet (RFC 3464, and what others write). */
export interface DeliveryReport {
  readonly recipients: readonly ReportedRecipient[];
  /**
   * All of the report in which the sender's own marks of the reported mail may stand: first the fields in which the
   * report says whom it is for, then its text and what it returns of the mail. Bytes as Latin-1 characters.
   */
  readonly places: readonly string[];
}

export interface ReportedRecipient {
  /** As the sender wrote it and as it was forwarded, as far as the report says; empty: it names nobody. */
  readonly addresses: readonly string[];
  readonly action: 'failed' | 'delayed';
  /** Enhanced status code (RFC 3463). */
  readonly status: string | null;
}
