import { Injectable } from '@nestjs/common';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { userMailSettingDecider, type UserMailSettingState } from './user-mail-setting.decider.js';
import { userMailSettingStream } from './user-mail-setting.events.js';

/** The setting as the record has it this moment, for those who must not act on a read model that lags behind. */
@Injectable()
export class MailSettingRecord {
  constructor(private readonly runner: DeciderRunner) {}

  async current(company: string, userId: string): Promise<UserMailSettingState> {
    return (await this.runner.load(userMailSettingDecider, userMailSettingStream(company, userId))).state;
  }
}
