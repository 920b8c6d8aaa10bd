import { type FixableBy } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';

/** What receiving has to tell about a mailbox. */
export interface MailboxReport {
  readonly lastCheckedAt: string | null;
  readonly lastReceivedAt: string | null;
  /** Why the mailbox cannot be read at present; null: it can. */
  readonly problem: MailboxProblem | null;
  readonly import: ImportReport | null;
  /** Mails of the mailbox that cannot be read at present. */
  readonly quarantined: number;
}
export interface MailboxProblem {
  readonly code: string;
  readonly since: string;
  readonly fixableBy: FixableBy;
}
export interface ImportReport {
  readonly state: 'running' | 'completed' | 'failed';
  readonly since: string | null;
  readonly found: number;
  readonly imported: number;
  readonly quarantined: number;
  readonly oldestOnServer: string | null;
}

export interface MailboxReporter {
  reportOf(company: string, userId: string): Promise<MailboxReport>;
}

const NOTHING_YET: MailboxReport = {
  lastCheckedAt: null,
  lastReceivedAt: null,
  problem: null,
  import: null,
  quarantined: 0,
};

/**
 * Where whoever receives mail says how it goes. The registry stands here, so that this module need not know the
 * inbox: inbox depends on user-mail-setting and not the other way round.
 */
@Injectable()
export class MailboxActivity {
  private reporter: MailboxReporter | undefined;

  register(reporter: MailboxReporter): void {
    this.reporter = reporter;
  }

  async reportOf(company: string, userId: string): Promise<MailboxReport> {
    return this.reporter?.reportOf(company, userId) ?? NOTHING_YET;
  }
}
