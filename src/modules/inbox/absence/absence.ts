import { Injectable } from '@nestjs/common';
import { MailSettingsView } from '../../user-mail-setting/index.js';
import { MailboxReporting } from '../mailbox-report.js';
import { type InboxMessage, InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { MessageStore } from '../receiving/message-store.js';
import { type AbsenceReason, absenceReasonOf } from './absence.policy.js';

/** What is known of a mail that somebody misses: its Message-ID, or its sender and the Japan-time day it came. */
export type MissedMail = { readonly messageId: string } | { readonly from: string; readonly date: string };

export interface Absence {
  readonly reason: AbsenceReason;
  /** Mails that are like the missed one: here, or in quarantine. */
  readonly messageIds: readonly string[];
}

const DAY_MS = 86_400_000;
const MOST_LIKE_IT = 20;

/**
 * Why is this mail not here? Answered from our own record: what was received, what could not be read, from which day
 * and until when the mailbox was looked through. The mail server itself is not asked.
 */
@Injectable()
export class AbsenceExplanation {
  constructor(
    private readonly settings: MailSettingsView,
    private readonly reporting: MailboxReporting,
    private readonly store: MessageStore,
    private readonly view: InboxMessagesView,
  ) {}

  async of(company: string, userId: string, missed: MissedMail): Promise<Absence> {
    const day = 'date' in missed ? japanDay(missed.date) : null;
    const [setting, report, here, quarantined] = await Promise.all([
      this.settings.find(company, userId),
      this.reporting.reportOf(company, userId),
      this.likeIt(company, userId, missed),
      this.unreadable(company, userId, day),
    ]);
    const reason = absenceReasonOf({
      here: here.length,
      quarantined: quarantined.length,
      state: setting?.status ?? 'none',
      hasProblem: report.problem !== null,
      importRunning: report.import?.state === 'running',
      receiveFrom: setting?.details?.receiveFrom ?? null,
      lastCheckedAt: report.lastCheckedAt,
      day: day && { start: day.start.toISOString(), end: day.end.toISOString() },
    });
    const found = reason === 'here' ? here : reason === 'quarantined' ? quarantined : [];
    return { reason, messageIds: found.map(({ id }) => id) };
  }

  private async likeIt(company: string, userId: string, missed: MissedMail): Promise<readonly InboxMessage[]> {
    if ('messageId' in missed) {
      const ids = await this.store.idsByMessageId(company, userId, bracketed(missed.messageId));
      const messages = await Promise.all(ids.map(async (id) => this.view.find(company, id)));
      return messages.filter((message) => message !== null);
    }
    // A mail may come a day after the date that its sender remembers.
    const { start, end } = japanDay(missed.date);
    const until = new Date(end.getTime() + DAY_MS);
    return this.view.list({ ...mine(company, userId), from: missed.from, since: start, until, quarantined: false });
  }

  private async unreadable(company: string, userId: string, day: JapanDay | null): Promise<readonly InboxMessage[]> {
    const during = day === null ? {} : { since: day.start, until: new Date(day.end.getTime() + DAY_MS) };
    return this.view.list({ ...mine(company, userId), ...during, quarantined: true });
  }
}

const mine = (company: string, reader: string) =>
  ({ company, reader, scope: 'mine', limit: MOST_LIKE_IT, after: null }) as const;

interface JapanDay {
  readonly start: Date;
  readonly end: Date;
}

/** Japan has had one offset and no summer time since 1952. */
function japanDay(date: string): JapanDay {
  const start = new Date(`${date}T00:00:00+09:00`);
  return { start, end: new Date(start.getTime() + DAY_MS) };
}

/** A Message-ID as headers write it (RFC 5322, 3.6.4); people copy it with its brackets and without. */
const bracketed = (messageId: string): string => (messageId.startsWith('<') ? messageId : `<${messageId}>`);
