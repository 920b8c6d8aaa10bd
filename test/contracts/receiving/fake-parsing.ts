import { contentIdentity, summarizeMail } from '@libs/mail-parsing';
import { type ParsedForImport } from '../../../src/modules/inbox/mail-parsing.js';
import { sourceIdentityOf } from '../../../src/modules/inbox/receiving/message-identity.js';

/** The parser itself, on this thread, with mails that it cannot read or reads differently for as long as a test says. */
export class FakeParsing {
  /** Sources that contain this cannot be read; null: all can. */
  cannotRead: string | null = null;
  /** What subjects are read as. */
  subjectOf: (subject: string) => string = (subject) => subject;
  /** What makes identities depend on the version of the parser, as the reading of a From header may. */
  fromOf: (address: string | null) => string | null = (address) => address;

  forImport(sources: readonly Buffer[]): Promise<ParsedForImport[]> {
    return Promise.resolve(sources.map((source) => this.parse(source)));
  }

  onApplicationShutdown(): void {
    // nothing was started
  }

  private parse(source: Buffer): ParsedForImport {
    if (this.cannotRead !== null && source.includes(this.cannotRead)) {
      const summary = { from: null, to: [], subject: '', preview: '', hasAttachments: false };
      return { identity: sourceIdentityOf(source), summary, unreadable: 'parser-failed' };
    }
    const { subject, preview, hasAttachments, from, to } = summarizeMail(source);
    const named = ({ name, address }: { name: string | null; address: string }) => ({ name: name ?? '', address });
    const identity = contentIdentity(source);
    return {
      identity: { ...identity, from: this.fromOf(identity.from) },
      summary: {
        from: from && named(from),
        to: to.map(named),
        subject: this.subjectOf(subject),
        preview,
        hasAttachments,
      },
      unreadable: null,
    };
  }
}
