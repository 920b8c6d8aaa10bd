import { Injectable } from '@nestjs/common';
import { MailSettingsView } from '../user-mail-setting/index.js';

/** Which address a mailbox has, or had when it was released; null: its person was forgotten. */
@Injectable()
export class MailboxAddresses {
  constructor(private readonly settings: MailSettingsView) {}

  async of(company: string, userIds: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const addresses = await Promise.all(
      [...new Set(userIds)].map(async (userId) => {
        const setting = await this.settings.find(company, userId);
        return [userId, setting?.lastAddress ?? null] as const;
      }),
    );
    return new Map(addresses);
  }
}
