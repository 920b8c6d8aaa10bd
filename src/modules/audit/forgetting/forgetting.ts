import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../../platform/audit-trail/index.js';
import { DeciderRunner, type Delivered } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { type CatchUpWork, Projectors, RebuildRequests } from '../../../platform/read-models/index.js';
import { PersonalKeys } from '../../../platform/security/index.js';
import { ErasedPeopleView } from './erased-people.view.js';
import { ConfirmErasure } from './person.commands.js';
import { personDecider } from './person.decider.js';
import { PERSON, personStream } from './person.events.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Forgets people. It follows the decision on the record, so that a crash leaves nothing half done: the key goes
 * first, and with it every name and address in every event; then everybody who keeps something lets it go, and the
 * read models are rebuilt, because they have copies.
 */
@Injectable()
export class Forgetting implements CatchUpWork {
  readonly name = 'forgetting';
  readonly categories = [PERSON];

  constructor(
    private readonly runner: DeciderRunner,
    private readonly keys: PersonalKeys,
    private readonly personalData: PersonalData,
    private readonly people: ErasedPeopleView,
    private readonly rebuilds: RebuildRequests,
    private readonly projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) {
      if (event.type !== 'PersonErasureDecided') continue;
      const { company, correlationId } = event.metadata;
      const { userId } = event.data as { readonly userId: string };
      await this.forget(company, userId, correlationId, event.id);
    }
  }

  /**
   * Forgets once more who was forgotten these days, in case something came in at that moment, or a rebuild was under
   * way that still knew the names; a daily job.
   */
  async forgetLateComers(signal: AbortSignal, now = Date.now()): Promise<void> {
    const since = new Date(now - 3 * DAY_MS).toISOString();
    for await (const { company, userId } of this.people.decidedSince(since)) {
      if (signal.aborted) return;
      const correlationId = newId();
      await this.forget(company, userId, correlationId, correlationId);
    }
  }

  private async forget(company: string, userId: string, correlationId: string, causationId: string): Promise<void> {
    // In nobody's name: the person who decided may be forgotten by now as well.
    const metadata: CommandMetadata = {
      company,
      actor: { kind: 'system', name: 'forgetting' },
      at: new Date().toISOString(),
      correlationId,
      causationId,
      reason: 'An admin decided that this person is to be forgotten.',
    };
    await this.keys.destroy(company, userId);
    const erased = await this.personalData.erasePerson(company, userId, metadata);
    // Read models are made from events: made again, they have the names that events have now, which is none.
    for (const { name } of this.projectors.readModels) await this.rebuilds.ask(name);
    const confirm = new ConfirmErasure({ userId, erased }, metadata);
    await this.runner.run(personDecider, personStream(company, userId), confirm, { awaitEffect: false });
  }
}
