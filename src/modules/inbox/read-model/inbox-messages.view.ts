import { type Position, type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type InboxMessageDocument, inboxMessagesProjection } from './inbox-messages.projection.js';
import { MessageFactsLookup } from './message-facts-lookup.js';
import { type Candidate } from '../search/candidates.js';
import { type BlockRange, type IndexedMail } from '../search/search-blocks.js';
import { filterOf, type MessageQuery } from './inbox-messages.filter.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    userId: { type: String, required: true },
    receivedAt: Date,
    from: Schema.Types.Mixed,
    to: Schema.Types.Mixed,
    subject: String,
    preview: String,
    size: Number,
    hasAttachments: Boolean,
    quarantined: Boolean,
    searchText: String,
    senderText: String,
    sharedAtReceipt: Boolean,
    shared: Boolean,
    sharing: Schema.Types.Mixed,
    decisions: Number,
  },
  { versionKey: false, minimize: false },
)
  .index({ company: 1, userId: 1, receivedAt: -1, _id: -1 })
  .index({ company: 1, shared: 1, receivedAt: -1, _id: -1 })
  .index({ company: 1, quarantined: 1, userId: 1 })
  .index({ company: 1, position: 1 });

export type InboxMessage = InboxMessageDocument & Positioned & { readonly id: string };

/**
 * Received mail, as its readers may see it: the owner of the mailbox all of it, colleagues what is shared, everybody
 * else nothing.
 */
@Injectable()
export class InboxMessagesView {
  private readonly model: Model<InboxMessageDocument & Positioned>;

  constructor(
    private readonly projectors: Projectors,
    lookup: MessageFactsLookup,
  ) {
    this.model = projectors.add({
      projection: inboxMessagesProjection,
      schema,
      factsFor: async (event) => lookup.factsFor(event),
    });
  }

  /** Newest first. */
  async list(query: MessageQuery): Promise<InboxMessage[]> {
    const found = await this.model
      .find(filterOf(query) as QueryFilter<InboxMessageDocument & Positioned>)
      .sort({ receivedAt: -1, _id: -1 })
      .limit(query.limit)
      .lean();
    return found.map((document) => toMessage(document as unknown as Stored));
  }

  /** Those of these mails that are asked for and that the reader may see; in no order. */
  async among(ids: readonly string[], query: MessageQuery): Promise<InboxMessage[]> {
    const filter = { _id: { $in: [...ids] }, ...filterOf(query) } as QueryFilter<InboxMessageDocument & Positioned>;
    const found = await this.model.find(filter).lean();
    return found.map((document) => toMessage(document as unknown as Stored));
  }

  /** What is asked for and was written behind this position of the record: where it stands in time. */
  async placesWrittenBehind(position: string, query: MessageQuery): Promise<readonly Candidate[]> {
    const filter = { position: { $gt: position }, ...filterOf(query) } as QueryFilter<
      InboxMessageDocument & Positioned
    >;
    // Ordered by position only to be read by the index that has it.
    const found = await this.model.find(filter, { receivedAt: 1 }).sort({ position: 1 }).lean();
    return found.map(({ _id, receivedAt }) => ({ id: String(_id), receivedAt: receivedAt.getTime() }));
  }

  /** The position up to which this instance knows the list to show everything; null: nothing yet. */
  get seenUpTo(): Position | null {
    const name = `${inboxMessagesProjection.name}_v${inboxMessagesProjection.version}`;
    return this.projectors.readModels.find((readModel) => readModel.name === name)?.served.loop.position ?? null;
  }

  /** The position at which the company's list was last written; null: it is empty. */
  async lastWritten(company: string): Promise<Position | null> {
    const last = await this.model.findOne({ company }, { position: 1 }).sort({ company: -1, position: -1 }).lean();
    return last?.position ?? null;
  }

  /** The position at which so many mails of the company were written behind `from`; null: not so many up to `to`. */
  async positionBehind({ company, from, to }: BlockRange, mails: number): Promise<Position | null> {
    const [there] = await this.model
      .find({ company, position: { $gt: from, $lte: to } }, { position: 1 })
      .sort({ position: 1 })
      .skip(mails - 1)
      .limit(1)
      .lean();
    return there?.position ?? null;
  }

  /** What search compares of the mails that were last written in this range. */
  async textsBetween({ company, from, to }: BlockRange): Promise<readonly IndexedMail[]> {
    const found = await this.model
      .find({ company, position: { $gt: from, $lte: to } }, { userId: 1, receivedAt: 1, searchText: 1 })
      .sort({ position: 1 })
      .lean();
    return found.map(({ _id, userId, receivedAt, searchText }) => ({
      id: String(_id),
      userId,
      receivedAt,
      searchText,
    }));
  }

  /** null: there is no such mail, or it is not for this reader; the two look the same. */
  async findFor(company: string, reader: string, id: string): Promise<InboxMessage | null> {
    const message = await this.find(company, id);
    return message !== null && (message.userId === reader || message.shared) ? message : null;
  }

  /** Null: there is none of this id in the company. Who may see it is the caller's to know. */
  async find(company: string, id: string): Promise<InboxMessage | null> {
    const found = await this.model.findOne({ _id: id, company }).lean();
    return found ? toMessage(found as unknown as Stored) : null;
  }

  /** Which of these ids are on the record already, and whether in quarantine. */
  async quarantineOf(company: string, ids: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const found = await this.model.find({ _id: { $in: [...ids] }, company }, { quarantined: 1 }).lean();
    return new Map(found.map(({ _id, quarantined }) => [String(_id), quarantined]));
  }

  /** How many mails of the mailbox cannot be read at present; without a user, of the company. */
  async countQuarantined(company: string, userId?: string): Promise<number> {
    return this.model.countDocuments({ company, quarantined: true, ...(userId === undefined ? {} : { userId }) });
  }

  /** When the mailbox's newest mail was received; null: there is none. */
  async lastReceivedAt(company: string, userId: string): Promise<Date | null> {
    const newest = await this.model
      .findOne({ company, userId }, { receivedAt: 1 })
      .sort({ receivedAt: -1, _id: -1 })
      .lean();
    return newest?.receivedAt ?? null;
  }
}

type Stored = InboxMessageDocument & Positioned & { readonly _id: string };
const toMessage = ({ _id, ...document }: Stored): InboxMessage => ({ id: _id, ...document });
