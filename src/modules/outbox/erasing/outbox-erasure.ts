import { Injectable } from '@nestjs/common';
import { PersonalData, type PersonalDataHolder } from '../../../platform/audit-trail/index.js';
import { OutboxMailsView } from '../read-model/outbox-mails.view.js';
import { ErasedMails } from './erased-mails.js';

/** Lets go of what a forgotten person has written. What is on its way still is left to the next call, a day later. */
@Injectable()
export class OutboxErasure implements PersonalDataHolder {
  readonly name = 'writtenMails';
  readonly order = 2;

  constructor(
    private readonly view: OutboxMailsView,
    private readonly mails: ErasedMails,
    personalData: PersonalData,
  ) {
    personalData.register(this);
  }

  async erasePerson(company: string, userId: string): Promise<number> {
    return this.mails.erase(company, await this.view.idsOfSettled(company, userId));
  }
}
