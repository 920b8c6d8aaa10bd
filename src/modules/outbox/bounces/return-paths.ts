import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { MailTags } from './mail-tags.js';

/** Where a report about a mail is to go, and what it is to bring back (RFC 3461, 4.4: ENVID). */
export interface ReturnPath {
  /** null: to the author of the mail. */
  readonly returnPath: string | null;
  readonly envelopeId: string;
}

/** The sender addresses of envelopes: one for each mail, so that a report says by its address which mail it is about. */
@Injectable()
export class ReturnPaths {
  private readonly bounceAddress: string | null;

  constructor(
    private readonly tags: MailTags,
    @InjectConfig() { mail }: AppConfig,
  ) {
    this.bounceAddress = mail.bounceAddress;
  }

  /** `bounces@…` becomes `bounces+{tag}@…`. */
  of(mailId: string): ReturnPath {
    const envelopeId = this.tags.of(mailId);
    if (this.bounceAddress === null) return { returnPath: null, envelopeId };
    const at = this.bounceAddress.lastIndexOf('@');
    const [local, domain] = [this.bounceAddress.slice(0, at), this.bounceAddress.slice(at)];
    return { returnPath: `${local}+${envelopeId}${domain}`, envelopeId };
  }
}
