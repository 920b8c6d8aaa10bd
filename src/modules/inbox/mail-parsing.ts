import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  type Address,
  type AttachmentContent,
  createMailParser,
  type MailParser,
  MailUnreadable,
  type ReadableMail,
  type ReadOptions,
  type SummaryOutcome,
} from '@libs/mail-parsing';
import { type Identity, sourceIdentityOf } from './receiving/message-identity.js';
import { type MailSummaryText } from './receiving/message-store.js';

export interface ParsedForImport {
  readonly identity: Identity;
  readonly summary: Omit<MailSummaryText, 'size'>;
  /** Why it cannot be read; null: it can. */
  readonly unreadable: string | null;
}

const TRIES = 3;

/** The parser threads of this instance. A mail that takes one down is quarantined, and the next one goes on. */
@Injectable()
export class MailParsing implements OnApplicationShutdown {
  private readonly parser: MailParser = createMailParser();

  /** What lists and identities need, in the order of the sources; a mail that cannot be read says so. */
  async forImport(sources: readonly Buffer[]): Promise<ParsedForImport[]> {
    const outcomes = await this.parser.summarize(sources);
    await this.tryAgain(sources, outcomes);
    return outcomes.map((outcome, index) => {
      if (!outcome.ok) return quarantined(sources[index]!, outcome.error);
      const { subject, preview, hasAttachments } = outcome.summary;
      const from = outcome.summary.from ? named(outcome.summary.from) : null;
      const to = outcome.summary.to.map(named);
      return { identity: outcome.identity, summary: { from, to, subject, preview, hasAttachments }, unreadable: null };
    });
  }

  /** A thread that broke may have broken by another's fault: such mails are read alone, three times in all. */
  private async tryAgain(sources: readonly Buffer[], outcomes: SummaryOutcome[]): Promise<void> {
    for (const [index, source] of sources.entries()) {
      for (let tries = 1; tries < TRIES && mayBeAnothersFault(outcomes[index]); tries++) {
        const [outcome] = await this.parser.summarize([source]);
        if (outcome) outcomes[index] = outcome;
      }
    }
  }

  /** Rejects with MailUnreadable. */
  async read(source: Buffer, options: ReadOptions): Promise<ReadableMail> {
    return this.parser.readMail(source, options);
  }

  /** null: the mail has no such attachment. */
  async attachment(source: Buffer, index: number): Promise<AttachmentContent | null> {
    try {
      return await this.parser.attachmentContent(source, index);
    } catch (error) {
      if (error instanceof MailUnreadable) return null;
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parser.close();
  }
}

/** A mail that takes too long has had its time, however often; what broke a thread may not have been this one. */
function mayBeAnothersFault(outcome: SummaryOutcome | undefined): boolean {
  return outcome?.ok === false && ['out-of-memory', 'parser-failed'].includes(outcome.error.reason);
}

/** An address without a display name has an empty one. */
export const named = ({ name, address }: Address): { name: string; address: string } => ({ name: name ?? '', address });

/** Nothing of such a mail can be trusted but its bytes. */
function quarantined(source: Buffer, error: MailUnreadable): ParsedForImport {
  return {
    identity: sourceIdentityOf(source),
    summary: { from: null, to: [], subject: '', preview: '', hasAttachments: false },
    unreadable: error.reason,
  };
}
