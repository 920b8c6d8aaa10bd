import { Injectable } from '@nestjs/common';
import { isMessageId, messageIdsIn } from '@libs/mail-composing';
import { type Caller } from '../../../platform/security/index.js';
import { ReadableSources } from '../../inbox/index.js';
import { reject } from '../outbox.errors.js';
import { headerFields } from './header-fields.js';

/** The thread that a mail belongs to (RFC 5322, 3.6.4). */
export interface Thread {
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
}

/** A thread may be very long; its beginning and its end are what mail programs need. */
const MOST_REFERENCES = 20;

/** Finds the thread of the mail that is answered. */
@Injectable()
export class MailThread {
  constructor(private readonly sources: ReadableSources) {}

  /** @param answered id of a received mail, or a Message-ID; refuses with `in_reply_to_unknown` */
  async of(caller: Caller, answered: string | undefined): Promise<Thread> {
    if (answered === undefined) return { inReplyTo: null, references: [] };
    if (isMessageId(answered)) return { inReplyTo: answered, references: [answered] };
    const source = await this.sources.find(caller.company, caller.userId, answered);
    if (source === null) throw reject('in_reply_to_unknown', {}, { field: 'inReplyTo' });
    return threadOf(source);
  }
}

/** A mail without a Message-ID cannot be referred to; the answer then begins a thread of its own. */
function threadOf(source: Buffer): Thread {
  const fields = headerFields(source);
  const idsIn = (name: string): string[] => messageIdsIn(fields.get(name) ?? '');
  const [messageId] = idsIn('message-id');
  if (messageId === undefined) return { inReplyTo: null, references: [] };
  const [references, answeredByIt] = [idsIn('references'), idsIn('in-reply-to')];
  const before = references.length > 0 ? references : answeredByIt.slice(0, 1);
  return { inReplyTo: messageId, references: shortened([...before, messageId]) };
}

function shortened(references: readonly string[]): readonly string[] {
  if (references.length <= MOST_REFERENCES) return references;
  return [...references.slice(0, 1), ...references.slice(1 - MOST_REFERENCES)];
}
