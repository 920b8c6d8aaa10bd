import type { SourceFetcher } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import type { ReaderLimits } from '../reader-limits.js';
import { pop3Failure } from './pop3-failure.js';
import type { MaildropEntry, Pop3Maildrop, RequestText } from './pop3-maildrop.js';
import { Pop3Refusal } from './pop3-session.js';

/** More lines than any mail has: the largest number that servers with 32-bit integers read. */
const ALL_LINES = 2_147_483_647;

/**
 * Fetches whole mails. RETR marks mails as read on servers that share the INBOX with IMAP (Dovecot, unless told
 * otherwise by pop3_no_flag_updates), TOP does not, so TOP with more lines than any mail has comes first (R38). A
 * text of another length than the server listed may have been cut off, and is asked for again by RETR; where that is
 * the case for all mails of a batch, the server does not play along and TOP is given up.
 */
export class Pop3SourceFetcher implements SourceFetcher<MaildropEntry> {
  #isTopWhole = true;

  constructor(
    private readonly maildrop: Pop3Maildrop,
    private readonly limits: ReaderLimits,
  ) {}

  async together(
    entries: readonly MaildropEntry[],
    take: (entry: MaildropEntry, source: Buffer) => void,
  ): Promise<void> {
    const rest = this.#isTopWhole ? await this.#byTop(entries, take) : entries;
    if (rest.length === 0) return;
    if (rest.length === entries.length) this.#isTopWhole = false;
    await this.#texts(rest, requestWhole, (entry, answer) => {
      if (answer instanceof Buffer) take(entry, asListed(answer, entry.size) ?? answer);
    });
  }

  async alone(entry: MaildropEntry): Promise<Buffer | null> {
    let source: Buffer | null = null;
    let refusal: Pop3Refusal | null = null;
    await this.maildrop.entries();
    if (!this.maildrop.has(entry)) return null;
    await this.#texts([entry], requestWhole, (_, answer) => {
      if (answer instanceof Pop3Refusal) refusal = answer;
      else source = asListed(answer, entry.size) ?? answer;
    });
    if (refusal === null) return source;
    // somebody may have deleted it: the next session's list knows
    await this.maildrop.disconnect();
    throw new GatewayError(pop3Failure(refusal, 'reading'));
  }

  /** Gives the mails that TOP did not give whole. */
  async #byTop(
    entries: readonly MaildropEntry[],
    take: (entry: MaildropEntry, source: Buffer) => void,
  ): Promise<MaildropEntry[]> {
    const rest = new Set(entries);
    await this.#texts(entries, requestAllLines, (entry, answer) => {
      const source = answer instanceof Buffer ? asListed(answer, entry.size) : null;
      if (!source) return;
      take(entry, source);
      rest.delete(entry);
    });
    return [...rest];
  }

  async #texts(
    entries: readonly MaildropEntry[],
    request: RequestText,
    take: (entry: MaildropEntry, answer: Buffer | Pop3Refusal) => void,
  ): Promise<void> {
    await this.maildrop.texts(entries, request, this.limits.mailBytes, take);
  }
}

const requestAllLines: RequestText = (session, number) => session.requestTop(number, ALL_LINES);
const requestWhole: RequestText = (session, number) => session.requestWhole(number);

/**
 * The text if it is as long as the server listed it. A mail that does not end in a line end gets one on its way, which
 * is taken off again. Null if the text is of another length.
 */
function asListed(text: Buffer, size: number): Buffer | null {
  if (text.length === size) return text;
  return text.length === size + 2 && text.subarray(-2).equals(CRLF) ? text.subarray(0, size) : null;
}

const CRLF = Buffer.from('\r\n');
