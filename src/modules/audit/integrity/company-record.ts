import { streamName, streamParts } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { EventCodec, EventStore, type KeptEvent } from '../../../platform/event-store/index.js';
import { inSealedOrder, type RecordEntry } from './sealed-record.js';
import { SealStore } from './seal-store.js';

/** The events and seals of one company, as they are stored, in order. */
@Injectable()
export class CompanyRecord {
  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly seals: SealStore,
  ) {}

  async *entries(company: string): AsyncGenerator<RecordEntry> {
    const seals = await this.seals.inOrder(company);
    yield* inSealedOrder(this.events(company), seals);
  }

  /** The store looks for names that begin right, and one company's name may be the beginning of another's. */
  private async *events(company: string): AsyncGenerator<readonly KeptEvent[]> {
    const prefixes = this.codec.categories.map((category) => streamName(category, company));
    for await (const batch of this.store.readAll({ after: null, prefixes })) {
      yield batch.filter(({ stream }) => streamParts(stream)[0] === company);
    }
  }
}
