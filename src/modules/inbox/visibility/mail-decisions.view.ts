import { type Position, type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type MailDecisionDocument, mailDecisionsProjection } from './mail-decisions.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    messageId: String,
    owner: String,
    basis: String,
    shared: Boolean,
    by: String,
    at: String,
    event: Schema.Types.Mixed,
  },
  { versionKey: false, minimize: false },
).index({ company: 1, messageId: 1, position: 1 });

export type MailDecision = MailDecisionDocument & { readonly position: Position };

/** Every decision about received mail, by mail and in the order in which they were made. */
@Injectable()
export class MailDecisionsView {
  private readonly model: Model<MailDecisionDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: mailDecisionsProjection, schema });
  }

  /** The decisions about one mail, oldest first. */
  async about(company: string, messageId: string): Promise<readonly MailDecision[]> {
    const found = await this.model.find({ company, messageId }).sort({ position: 1 }).lean();
    return found;
  }

  /** The decisions about each of the company's mails behind an id, mail by mail, read as they are taken. */
  async *byMail(company: string, after: string | null): AsyncGenerator<readonly MailDecision[]> {
    const behind = after === null ? {} : { messageId: { $gt: after } };
    const found = this.model
      .find({ company, ...behind })
      .sort({ messageId: 1, position: 1 })
      .lean()
      .cursor();
    let mail: MailDecision[] = [];
    for await (const document of found) {
      const decision = document as unknown as MailDecision;
      if (mail.length > 0 && mail[0]!.messageId !== decision.messageId) {
        yield mail;
        mail = [];
      }
      mail.push(decision);
    }
    if (mail.length > 0) yield mail;
  }
}
