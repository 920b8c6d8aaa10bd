import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { MessageStore } from '../receiving/message-store.js';
import { searchTextOf } from '../search-text.js';
import { type InboxMessageDocument, inboxMessagesProjection, type SummaryFact } from './inbox-messages.projection.js';

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
  .index({ company: 1, shared: 1, receivedAt: -1, _id: -1 });

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

  constructor(projectors: Projectors, store: MessageStore) {
    this.model = projectors.add({
      projection: inboxMessagesProjection,
      schema,
      factsFor: async (event) => {
        if (event.type !== 'MailsReceived') return new Map();
        const { messages } = event.data as { messages: readonly { id: string }[] };
        const kept = await store.factsOf(messages.map(({ id }) => id));
        return new Map([...kept].map(([id, { receivedAt, summary }]) => [id, withSearchText(receivedAt, summary)]));
      },
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
    const found = await this.model.findOne({ _id: id, company }).lean();
    if (!found) return null;
    const message = toMessage(found as unknown as Stored);
    return message.userId === reader || message.shared ? message : null;
  }

  /** Which of these ids are on the record already. */
  async knownOf(company: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.model.find({ _id: { $in: [...ids] }, company }, { _id: 1 }).lean();
    return new Set(found.map(({ _id }) => String(_id)));
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
function filterOf({ company, reader, scope, text, from, since, until, shared, after }: MessageQuery) {
  const notBehind = after ? { $lte: new Date(after.receivedAt) } : {};
  const received = { ...(since ? { $gte: since } : {}), ...(until ? { $lt: until } : {}), ...notBehind };
  const words = text ? searchTextOf(text).split(' ') : [];
  const residual = [
    ...words.map((word) => ({ searchText: { $regex: escaped(word) } })),
    ...(from ? [{ 'from.address': { $regex: escaped(from), $options: 'i' } }] : []),
    ...(shared === undefined ? [] : [{ shared }]),
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

function withSearchText(receivedAt: Date, summary: SummaryFact['summary']): SummaryFact {
  const people = [summary.from, ...summary.to].flatMap((person) => (person ? [person.name, person.address] : []));
  const searchText = searchTextOf([summary.subject, ...people, summary.preview].join(' '));
  return { receivedAt, summary, searchText };
}
