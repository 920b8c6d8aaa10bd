/** The same, in the two languages of the product. */
export interface StepText {
  readonly ja: string;
  readonly en: string;
}

/** What was seen on the way, as far as it may be told: never an address of a network that is not the public one. */
export interface StepFacts {
  readonly protocol?: 'imap' | 'pop3';
  readonly port?: number;
  readonly host?: string;
  readonly service?: string;
  readonly egress?: readonly string[];
  readonly certificate?: CertificateFacts;
  readonly tlsVersion?: string;
  readonly startTls?: 'used' | 'not_offered';
  readonly mails?: number;
}

export interface CertificateFacts {
  readonly names: readonly string[];
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validUntil: Date;
}
