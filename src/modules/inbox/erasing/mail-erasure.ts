import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type AgingDataHolder, PersonalData, type PersonalDataHolder } from '../../../platform/audit-trail/index.js';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { MailboxQueue } from '../receiving/mailbox-queue.js';
import { UnreadMails } from '../receiving/unread-mails.js';
import { type ErasableMail, ErasedSources } from './erased-sources.js';
import { EraseMails, mailErasureDecider } from './mail-erasure.decider.js';
import { type ErasureCause, mailErasureStream } from './mail-erasure.events.js';

const BATCH = 500;

/**
 * Lets received mail go: first the event, which takes it out of every list, then the source. A crash in between is
 * made good by the next call, which finds the sources still there.
 */
@Injectable()
export class MailErasure implements PersonalDataHolder, AgingDataHolder {
  readonly name = 'receivedMails';
  readonly order = 2;

  constructor(
    private readonly runner: DeciderRunner,
    private readonly sources: ErasedSources,
    private readonly unread: UnreadMails,
    private readonly queue: MailboxQueue,
    personalData: PersonalData,
  ) {
    personalData.register(this);
    personalData.registerAging(this);
  }

  async erasePerson(company: string, userId: string, metadata: CommandMetadata): Promise<number> {
    await this.queue.deactivate(company, userId);
    const erased = await this.eraseAll('person_forgotten', metadata, async () =>
      this.sources.ofPerson(company, userId, BATCH),
    );
    // What could not be fetched has no source to erase; it only has to leave the lists, once.
    if (erased > 0) await this.record('person_forgotten', userId, await this.unread.idsOf(company, userId), metadata);
    return erased;
  }

  async eraseOlderThan(company: string, before: Date, metadata: CommandMetadata): Promise<number> {
    return this.eraseAll('retention', metadata, async () => this.sources.receivedBefore(company, before, BATCH));
  }

  private async eraseAll(
    cause: ErasureCause,
    metadata: CommandMetadata,
    next: () => Promise<readonly ErasableMail[]>,
  ): Promise<number> {
    let count = 0;
    for (let mails = await next(); mails.length > 0; mails = await next()) {
      for (const userId of new Set(mails.map((mail) => mail.userId))) {
        const ids = mails.filter((mail) => mail.userId === userId).map(({ id }) => id);
        await this.record(cause, userId, ids, metadata);
      }
      await this.sources.erase(mails.map(({ id }) => id));
      count += mails.length;
    }
    return count;
  }

  private async record(
    cause: ErasureCause,
    userId: string,
    messageIds: readonly string[],
    metadata: CommandMetadata,
  ): Promise<void> {
    const stream = mailErasureStream(metadata.company, userId);
    const command = new EraseMails({ userId, messageIds, cause }, metadata);
    await this.runner.run(mailErasureDecider, stream, command, { memory: 'last', awaitEffect: false });
  }
}
