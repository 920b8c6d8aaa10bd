import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { PersonalData, type PersonalDataHolder } from '../../platform/audit-trail/index.js';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { ReleaseMailSetting } from './user-mail-setting.commands.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import { userMailSettingStream } from './user-mail-setting.events.js';

/** Releases the setting of a person who is to be forgotten: receiving ends, and with it goes the credential. */
@Injectable()
export class MailSettingErasure implements PersonalDataHolder {
  readonly name = 'mailSettings';
  readonly order = 1;

  constructor(
    private readonly runner: DeciderRunner,
    personalData: PersonalData,
  ) {
    personalData.register(this);
  }

  async erasePerson(company: string, userId: string, metadata: CommandMetadata): Promise<number> {
    const command = new ReleaseMailSetting({ userId, cause: 'person_forgotten', onlyOfMailServer: null }, metadata);
    const stream = userMailSettingStream(company, userId);
    const { events } = await this.runner.run(userMailSettingDecider, stream, command);
    return events.length;
  }
}
