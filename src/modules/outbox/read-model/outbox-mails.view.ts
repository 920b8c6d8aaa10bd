import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { type Delivered } from '../../../platform/event-store/index.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { KeptMails } from '../composing/kept-mails.js';
import { type OutboxAttempt } from './mail-attempts.projection.js';
import {
  type OutboxMailDocument,
  type OutboxMailFacts,
  outboxMailsProjection,
  type OutboxState,
} from './outbox-mails.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    userId: { type: String, required: true },
    route: String,
    messageId: String,
    size: Number,
    queuedAt: String,
    from: Schema.Types.Mixed,
    to: Schema.Types.Mixed,
    cc: Schema.Types.Mixed,
    bcc: Schema.Types.Mixed,
    subject: String,
    preview: String,
    hasAttachments: Boolean,
    inReplyTo: String,
    recipients: Schema.Types.Mixed,
    state: String,
    retryAt: String,
    sentAs: String,
    attempts: Schema.Types.Mixed,
    revision: Number,
  },
  { versionKey: false, minimize: false },
).index({ company: 1, userId: 1, queuedAt: -1, _id: -1 });

export type OutboxMail = Omit<OutboxMailDocument, 'attempts'> & {
  readonly id: string;
  /** In the order in which they happened. */
  readonly attempts: readonly OutboxAttempt[];
};

export interface OutboxPlace {
  readonly queuedAt: string;
  readonly id: string;
}

/** Mails as their authors see them; nobody else does. */
@Injectable()
export class OutboxMailsView {
  private readonly model: Model<OutboxMailDocument & Positioned>;

  constructor(projectors: Projectors, kept: KeptMails) {
    const factsFor = async (event: Delivered): Promise<OutboxMailFacts | null> => {
      if (event.type !== 'MailQueued') return null;
      const { mailId } = event.data as { readonly mailId: string };
      const { from, to, cc, bcc, subject, preview, hasAttachments, inReplyTo, recipients } = await kept.factsOf(
        event.metadata.company,
        mailId,
      );
      return { from, to, cc, bcc, subject, preview, hasAttachments, inReplyTo, recipients };
    };
    this.model = projectors.add({ projection: outboxMailsProjection, schema, factsFor });
  }

  /** Newest first. */
  async list(
    { company, userId }: { readonly company: string; readonly userId: string },
    {
      state,
      after,
      limit,
    }: { readonly state?: OutboxState | undefined; readonly after: OutboxPlace | null; readonly limit: number },
  ): Promise<OutboxMail[]> {
    const filter = { company, userId, ...(state === undefined ? {} : { state }), ...(after ? behind(after) : {}) };
    const found = await this.model
      .find(filter as QueryFilter<OutboxMailDocument & Positioned>)
      .sort({ queuedAt: -1, _id: -1 })
      .limit(limit)
      .lean();
    return found.map((document) => toMail(document as unknown as Stored));
  }

  /** Of a person's mails, those that are not on their way any more. */
  async idsOfSettled(company: string, userId: string): Promise<readonly string[]> {
    const settled = { $in: ['accepted', 'failed', 'unknown', 'cancelled'] };
    const found = await this.model
      .find({ company, userId, state: settled } as QueryFilter<OutboxMailDocument & Positioned>, { _id: 1 })
      .lean();
    return found.map(({ _id }) => String(_id));
  }

  /** Those of these that are on the record, whoever wrote them. */
  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.model.find({ _id: { $in: ids } } as QueryFilter<OutboxMailDocument & Positioned>, { _id: 1 }).lean(); // prettier-ignore
    return new Set(found.map(({ _id }) => String(_id)));
  }

  /** null: there is no such mail, or it is another user's; the two look the same. */
  async find(company: string, userId: string, id: string): Promise<OutboxMail | null> {
    const found = await this.model.findOne({ _id: id, company, userId }).lean();
    return found ? toMail(found as unknown as Stored) : null;
  }
}

const behind = ({ queuedAt, id }: OutboxPlace) => ({
  $or: [{ queuedAt: { $lt: queuedAt } }, { queuedAt, _id: { $lt: id } }],
});

type Stored = OutboxMailDocument & { readonly _id: string };
function toMail({ _id, attempts, ...document }: Stored): OutboxMail {
  const inOrder = Object.entries(attempts).sort(([a, { at: one }], [b, { at: other }]) =>
    one === other ? (a < b ? -1 : 1) : one < other ? -1 : 1,
  );
  return { id: _id, ...document, attempts: inOrder.map(([, attempt]) => attempt) };
}
