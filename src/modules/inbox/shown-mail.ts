import { Injectable } from '@nestjs/common';
import { type ReadableMail } from '@libs/mail-parsing';
import { InlineImages } from './inline-images.js';
import { MailParsing } from './mail-parsing.js';

/** A mail as a page may show it. */
export interface ShownMail extends ReadableMail {
  /** Safe HTML with the mail's own images in it (ADR 0061); null: the mail has none. */
  readonly shownHtml: string | null;
  /** The content security policy for the frame that shows it; null: there is no HTML. */
  readonly htmlPolicy: string | null;
}

/** Mail made fit to be shown, received and sent mail alike. */
@Injectable()
export class ShownMails {
  constructor(private readonly parsing: MailParsing) {}

  /** Rejects with MailUnreadable. */
  async read(source: Buffer, remoteContent: 'block' | 'allow'): Promise<ShownMail> {
    const images = new InlineImages();
    const mail = await this.parsing.read(source, { remoteContent, attachmentUrl: images.urlTemplate });
    const contentOf = async (index: number): Promise<Uint8Array | null> =>
      (await this.parsing.attachment(source, index))?.bytes ?? null;
    const shownHtml = mail.safeHtml && (await images.intoHtml(mail.safeHtml, mail.attachments, contentOf));
    return { ...mail, shownHtml, htmlPolicy: shownHtml === null ? null : htmlPolicyFor(remoteContent) };
  }
}

/**
 * The content security policy (W3C CSP3) for the frame that shows a mail: it draws, and does nothing else. The HTML is
 * safe without it; this holds where the cleaning should have a hole.
 */
function htmlPolicyFor(remoteContent: 'block' | 'allow'): string {
  const images = remoteContent === 'allow' ? 'data: https: http:' : 'data:';
  return `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox`;
}
