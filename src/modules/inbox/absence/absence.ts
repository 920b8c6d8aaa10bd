import { Injectable } from '@nestjs/common';
import { type MailboxReport, type MailSetting, MailSettingsView } from '../../user-mail-setting/index.js';
import { MailboxReporting } from '../mailbox-report.js';
import { type InboxMessage, InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { MailboxQueue } from '../receiving/mailbox-queue.js';
import { MessageStore } from '../receiving/message-store.js';
import {
  type AbsenceFacts,
  type AbsenceReason,
  absenceReasonOf,
  reasonOnRecord,
  type ServerFacts,
} from './absence.policy.js';
import { type ServerAnswer, ServerSearch } from './server-search.js';

/** What is known of a mail that somebody misses: its Message-ID, or its sender and the Japan-time day it came. */
export type MissedMail = { readonly messageId: string } | { readonly from: string; readonly date: string };

export interface Absence {
  readonly reason: AbsenceReason;
  /** Mails that are like the missed one: here, or in quarantine. */
  readonly messageIds: readonly string[];
  /** null: it was not asked, as there was no need to. */
  readonly server: ServerAnswer | null;
  /** What keeps the mailbox from being read, as its setting shows it; null: nothing. */
  readonly problem: { readonly code: string; readonly since: string } | null;
}

const DAY_MS = 86_400_000;
const MOST_LIKE_IT = 20;

/**
 * Why is this mail not here? Answered from our own record: what was received, what could not be read, from which day
 * and until when the mailbox was looked through; and, where that leaves it open, by the mail server. A mail that it has
 * and we have not makes the mailbox due.
 */
@Injectable()
export class AbsenceExplanation {
  constructor(
    private readonly settings: MailSettingsView,
    private readonly reporting: MailboxReporting,
    private readonly store: MessageStore,
    private readonly view: InboxMessagesView,
    private readonly server: ServerSearch,
    private readonly queue: MailboxQueue,
  ) {}

  async of(company: string, userId: string, missed: MissedMail): Promise<Absence> {
    const [setting, report, here, quarantined] = await Promise.all([
      this.settings.find(company, userId),
      this.reporting.reportOf(company, userId),
      this.likeIt(company, userId, missed),
      this.unreadable(company, userId, missed),
    ]);
    const facts = {
      here: here.length,
      quarantined: quarantined.length,
      ...standingOf(setting, report),
      day: dayOf(missed),
    };
    const server = reasonOnRecord(facts) === null ? await this.ask(company, userId, missed) : null;
    const reason = absenceReasonOf(facts, server?.kind === 'asked' ? toFacts(server) : null);
    if (reason === 'on_server') await this.queue.hurry(company, userId);
    const found = { here, quarantined }[String(reason)] ?? [];
    const problem = setting?.actionRequired ?? report.problem;
    return { reason, messageIds: found.map(({ id }) => id), server, problem };
  }

  private async ask(company: string, userId: string, missed: MissedMail): Promise<ServerAnswer> {
    if ('messageId' in missed) {
      return this.server.find(company, userId, { messageId: bracketed(missed.messageId) });
    }
    return this.server.find(company, userId, { from: missed.from, ...aroundDay(missed.date) });
  }

  private async likeIt(company: string, userId: string, missed: MissedMail): Promise<readonly InboxMessage[]> {
    if ('messageId' in missed) {
      const ids = await this.store.idsByMessageId(company, userId, bracketed(missed.messageId));
      const messages = await Promise.all(ids.map(async (id) => this.view.find(company, id)));
      return messages.filter((message) => message !== null);
    }
    const during = aroundDay(missed.date);
    return this.view.list({ ...mine(company, userId), from: missed.from, ...during, quarantined: false });
  }

  private async unreadable(company: string, userId: string, missed: MissedMail): Promise<readonly InboxMessage[]> {
    const during = 'date' in missed ? aroundDay(missed.date) : {};
    return this.view.list({ ...mine(company, userId), ...during, quarantined: true });
  }
}

const toFacts = ({ mail, complete }: Extract<ServerAnswer, { kind: 'asked' }>): ServerFacts => ({
  place: mail?.place ?? null,
  receivedAt: mail?.receivedAt?.toISOString() ?? null,
  complete,
});

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

/** A mail may come a day after the date that its sender remembers. */
function aroundDay(date: string): { readonly since: Date; readonly until: Date } {
  const { start, end } = japanDay(date);
  return { since: start, until: new Date(end.getTime() + DAY_MS) };
}

function dayOf(missed: MissedMail): AbsenceFacts['day'] {
  if (!('date' in missed)) return null;
  const { start, end } = japanDay(missed.date);
  return { start: start.toISOString(), end: end.toISOString() };
}

function standingOf(
  setting: MailSetting | null,
  report: MailboxReport,
): Pick<AbsenceFacts, 'state' | 'hasProblem' | 'importRunning' | 'receiveFrom' | 'lastCheckedAt'> {
  return {
    state: setting?.status ?? 'none',
    hasProblem: report.problem !== null,
    importRunning: report.import?.state === 'running',
    receiveFrom: setting?.details?.receiveFrom ?? null,
    lastCheckedAt: report.lastCheckedAt,
  };
}

/** A Message-ID as headers write it (RFC 5322, 3.6.4); people copy it with its brackets and without. */
const bracketed = (messageId: string): string => (messageId.startsWith('<') ? messageId : `<${messageId}>`);
