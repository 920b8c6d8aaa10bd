import { type RejectionDefinition } from '@libs/eventsourcing';
import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request } from 'express';
import { decodeCursor, encodeCursor, type Language, preferredLanguage, toPage } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller, Roles } from '../../../platform/security/index.js';
import { MailServersView } from '../../mail-server/index.js';
import { mailboxProblems } from '../../user-mail-setting/index.js';
import { MailboxReporting } from '../mailbox-report.js';
import { AdminMailboxList, type AdminMailbox, MailboxListQuery, MailboxPlace } from './mailbox-overview.dto.js';
import { MailboxOverview, type MailboxStanding } from './mailbox-overview.js';

/** More servers than this no company has. */
const MOST_SERVERS = 200;

/** Every mailbox of the company, and what is wrong with them: a fault that many share stands there once. */
@ApiTags('管理')
@Controller('admin/mailboxes')
export class MailboxOverviewController {
  constructor(
    private readonly overview: MailboxOverview,
    private readonly reporting: MailboxReporting,
    private readonly servers: MailServersView,
  ) {}

  @Get()
  @Roles('admin')
  @ApiOperation({ summary: 'メールボックスの状態 / every mailbox with its state, problem, last check and last mail' })
  @ApiOkResponse({ standardSchema: AdminMailboxList })
  async list(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: MailboxListQuery }) query: MailboxListQuery,
    @Req() request: Request,
  ): Promise<AdminMailboxList> {
    const language = preferredLanguage(request.headers['accept-language']);
    const after = decodeCursor(query.after, MailboxPlace);
    const [{ mailboxes, summary }, servers] = await Promise.all([
      this.overview.of(company),
      this.servers.list(company, MOST_SERVERS, null),
    ]);
    const names = new Map(servers.map(({ id, name }) => [id, name]));
    const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
    const found = mailboxes
      .filter(({ state }) => query.state === undefined || state === query.state)
      .filter(({ problem }) => query.problem === undefined || problem?.code === query.problem)
      .filter(({ userId }) => after === null || userId > after.userId)
      .slice(0, query.limit + 1);
    const page = toPage(found, query.limit, ({ userId }) => encodeCursor({ userId }));
    return {
      summary: {
        total: summary.total,
        states: { ...summary.states },
        problems: summary.faults.map((fault) => ({
          ...fault,
          ...textOf(fault.code, language),
          mailServerName: nameOf(fault.mailServerId),
        })),
        quarantined: summary.quarantined,
      },
      items: await Promise.all(page.items.map(async (mailbox) => this.toItem(company, mailbox, nameOf, language))),
      next: page.next,
    };
  }

  private async toItem(
    company: string,
    { problem, ...mailbox }: MailboxStanding,
    nameOf: (id: string | null) => string | null,
    language: Language,
  ): Promise<AdminMailbox> {
    const { lastCheckedAt, lastReceivedAt, quarantined } = await this.reporting.reportOf(company, mailbox.userId);
    const { title: _title, ...text } = problem ? textOf(problem.code, language) : NO_TEXT;
    return {
      ...mailbox,
      mailServerName: nameOf(mailbox.mailServerId),
      problem: problem && { code: problem.code, since: problem.since, ...text },
      lastCheckedAt,
      lastReceivedAt,
      quarantined,
    };
  }
}

const NO_TEXT = { title: '', detail: '', fixableBy: 'service' } as const;

function textOf(code: string, language: Language) {
  const texts: Readonly<Record<string, RejectionDefinition>> = mailboxProblems;
  const { title, detail, fixableBy } = texts[code] ?? mailboxProblems.mailbox_read_failed;
  return { title: title[language], detail: detail({})[language], fixableBy };
}
