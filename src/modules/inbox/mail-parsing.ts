import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  type Address,
  type AttachmentContent,
  createMailParser,
  type MailParser,
  MailUnreadable,
  type ReadableMail,
  type ReadOptions,
} from '@libs/mail-parsing';
import { createHash } from 'node:crypto';
import { type Identity } from './receiving/message-identity.js';
import { type MailSummaryText } from './receiving/message-store.js';

export interface ParsedForImport {
  readonly identity: Identity;
  readonly summary: Omit<MailSummaryText, 'size'>;
  /** Why it cannot be read; null: it can. */
  readonly unreadable: string | null;
}

/** The parser threads of this instance. A mail that takes one down is quarantined, and the next one goes on. */
@Injectable()
export class MailParsing implements OnApplicationShutdown {
  private readonly parser: MailParser = createMailParser();

  /** What lists and identities need, in the order of the sources; a mail that cannot be read says so. */
  async forImport(sources: readonly Buffer[]): Promise<ParsedForImport[]> {
    const outcomes = await this.parser.summarize(sources);
    return outcomes.map((outcome, index) => {
      if (!outcome.ok) return quarantined(sources[index]!, outcome.error);
      const { subject, preview, hasAttachments } = outcome.summary;
      const from = outcome.summary.from ? named(outcome.summary.from) : null;
      const to = outcome.summary.to.map(named);
      return { identity: outcome.identity, summary: { from, to, subject, preview, hasAttachments }, unreadable: null };
    });
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

/** An address without a display name has an empty one. */
export const named = ({ name, address }: Address): { name: string; address: string } => ({ name: name ?? '', address });

/** Nothing of such a mail can be trusted but its bytes. */
function quarantined(source: Buffer, error: MailUnreadable): ParsedForImport {
  const contentHash = createHash('sha256').update(source).digest('hex');
  return {
    identity: { messageId: null, date: null, from: null, contentHash },
    summary: { from: null, to: [], subject: '', preview: '', hasAttachments: false },
    unreadable: error.reason,
  };
}
