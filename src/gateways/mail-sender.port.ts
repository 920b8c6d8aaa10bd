import { type Readable } from 'node:stream';
import { type GatewayFailure } from './gateway.errors.js';

/**
 * What the outbox needs of a mail system, whichever it is (R02–R04): one mail handed over, at most once.
 *
 * Guarantees every implementation gives (test/contracts/mail-sender):
 * - it calls `commit` once, and only when nothing but the word that makes the provider take the mail is left to say;
 *   when `commit` rejects, that word is not said;
 * - `not_sent` is answered only where it is certain that nobody gets the mail from this attempt, `accepted` only where
 *   the provider said that it took it, and `uncertain` for everything in between;
 * - it never repeats anything by itself, and neither does the library below it;
 * - it never throws: whatever happens is one of the three outcomes;
 * - blind recipients get the mail and stand in no header that anybody receives;
 * - once `signal` is aborted nothing new begins; a mail already committed is waited for, for a few seconds.
 */
export interface MailSender {
  /**
   * The largest mail, in bytes of MIME, that this way of sending takes (RFC 1870's meaning of size). Never rejects: of a
   * mail system that cannot be asked it is what such systems usually take.
   */
  maxMessageBytes(): Promise<number>;

  send(mail: PreparedMail, commit: Commit, signal: AbortSignal): Promise<SendOutcome>;

  /**
   * Looks among the mails that the provider has sent for the one with this X-HRBC-Mail-Id. Throws GatewayError.
   * @param since when the attempt in question began
   */
  findSent(mailId: string, since: Date, signal: AbortSignal): Promise<SentSearch>;

  /** Whether mail can be sent from this address (R42–R44), asked before anybody tries. Throws GatewayError. */
  checkFrom(address: string, signal: AbortSignal): Promise<FromCheck>;
}

/** The point of no return: resolves when the attempt is still the only one, rejects when it must not go on. */
export type Commit = () => Promise<void>;

/** A mail ready to be handed over. */
export interface PreparedMail {
  /** Stands in the mail as X-HRBC-Mail-Id: its identity, because providers replace the Message-ID. */
  readonly mailId: string;
  readonly messageId: string;
  readonly from: string;
  /** Where reports about its delivery go (RFC 5321, 4.4: the envelope's sender); null: to `from`. */
  readonly returnPath: string | null;
  /** Comes back in such reports (RFC 3461, 4.4), from mail systems that know how. */
  readonly envelopeId: string;
  /** Everybody who is to get it, blind recipients included, in a fixed order; without repeats. */
  readonly recipients: readonly string[];
  /** Those of the recipients whom no header names. */
  readonly bcc: readonly string[];
  /** Bytes of `source`. */
  readonly size: number;
  /** The mail that this one answers; null: it begins a thread. */
  readonly inReplyTo: string | null;
  /** The MIME, without a Bcc field; every call reads it from its start. */
  readonly source: () => Readable;
}

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly refused: readonly RefusedRecipient[]; readonly sentAs: string | null }
  | { readonly kind: 'not_sent'; readonly failure: GatewayFailure; readonly refused: readonly RefusedRecipient[] }
  | { readonly kind: 'uncertain'; readonly detail: string };

/** A recipient whom the provider would not take. */
export interface RefusedRecipient {
  /** Place in PreparedMail.recipients. */
  readonly recipient: number;
  /** SMTP reply code (RFC 5321, 4.2) and enhanced status code (RFC 3463), as far as there are such. */
  readonly reply: number | null;
  readonly status: string | null;
  readonly temporary: boolean;
}

/** `sentAs`: the From address that the mail really went out with; null: nobody says. */
export type SentSearch =
  | { readonly kind: 'found'; readonly sentAs: string | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsearchable' };

export type FromCheck =
  | { readonly sendable: 'yes' | 'unknown' }
  | { readonly sendable: 'no'; readonly reason: 'not_registered' | 'not_verified' | 'send_as_denied' };
