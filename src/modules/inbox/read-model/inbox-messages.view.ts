import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type InboxMessageDocument, inboxMessagesProjection } from './inbox-messages.projection.js';
import { MessageFactsLookup } from './message-facts-lookup.js';
import { searchTextOf } from '../search-text.js';

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
    sharedAtReceipt: Boolean,
    shared: Boolean,
    sharing: Schema.Types.Mixed,
  },
  { versionKey: false, minimize: false },
)
  .index({ company: 1, userId: 1, receivedAt: -1, _id: -1 })
  .index({ company: 1, shared: 1, receivedAt: -1, _id: -1 })
  .index({ company: 1, quarantined: 1, userId: 1 });

export type InboxMessage = InboxMessageDocument & { readonly id: string };

/** Who looks, and at what. */
export interface MessageQuery {
  readonly company: string;
  readonly reader: string;
  readonly scope: 'mine' | 'shared';
  readonly text?: string | undefined;
  readonly from?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly shared?: boolean | undefined;
  readonly quarantined?: boolean | undefined;
  readonly limit: number;
  readonly after: MessagePlace | null;
}
export interface MessagePlace {
  readonly receivedAt: string;
  readonly id: string;
}

/**
 * Received mail, as its readers may see it: the owner of the mailbox all of it, colleagues what is shared, everybody
 * else nothing.
 */
@Injectable()
export class InboxMessagesView {
  private readonly model: Model<InboxMessageDocument & Positioned>;

  constructor(projectors: Projectors, lookup: MessageFactsLookup) {
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

/** The flat part is what the indexes answer; what stands in $and is looked at document by document. */
function filterOf({ company, reader, scope, text, from, since, until, shared, quarantined, after }: MessageQuery) {
  const notBehind = after ? { $lte: new Date(after.receivedAt) } : {};
  const received = { ...(since ? { $gte: since } : {}), ...(until ? { $lt: until } : {}), ...notBehind };
  const words = text ? searchTextOf(text).split(' ') : [];
  const residual = [
    ...words.map((word) => ({ searchText: { $regex: escaped(word) } })),
    ...(from ? [{ 'from.address': { $regex: escaped(from), $options: 'i' } }] : []),
    ...(shared === undefined ? [] : [{ shared }]),
    ...(quarantined === undefined ? [] : [{ quarantined }]),
    ...(after ? [behind(after)] : []),
  ];
  return {
    company,
    ...(scope === 'mine' ? { userId: reader } : { shared: true }),
    ...(Object.keys(received).length > 0 ? { receivedAt: received } : {}),
    ...(residual.length > 0 ? { $and: residual } : {}),
  };
}

function behind({ receivedAt, id }: MessagePlace) {
  const at = new Date(receivedAt);
  return { $or: [{ receivedAt: { $lt: at } }, { receivedAt: at, _id: { $lt: id } }] };
}
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

type Stored = InboxMessageDocument & { readonly _id: string };
const toMessage = ({ _id, ...document }: Stored): InboxMessage => ({ id: _id, ...document });
