import { Injectable } from '@nestjs/common';

/** Says how many people use a mail server. */
export interface MailServerUse {
  countOf(company: string, mailServerIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/**
 * Where those who use mail servers say so. The registry stands here, so that this module need not know who they
 * are: user-mail-setting depends on mail-server and not the other way round.
 */
@Injectable()
export class MailServerUsage {
  private readonly uses: MailServerUse[] = [];

  register(use: MailServerUse): void {
    this.uses.push(use);
  }

  /** By server id; a server that nobody uses is 0. */
  async countOf(company: string, mailServerIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = await Promise.all(this.uses.map(async (use) => use.countOf(company, mailServerIds)));
    return new Map(
      mailServerIds.map((id) => [id, counts.reduce((sum, count) => sum + (count.get(id) ?? 0), 0)] as const),
    );
  }
}
