import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type MailServerDocument, mailServersProjection } from './mail-servers.projection.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    name: String,
    description: Schema.Types.Mixed,
    createdAt: String,
    deleted: Boolean,
    revision: Number,
  },
  { versionKey: false },
).index({ company: 1, deleted: 1, createdAt: 1, _id: 1 });

export type MailServer = Omit<MailServerDocument, 'company' | 'deleted'> & { readonly id: string };

/** A place in the list; new servers come behind it. */
export interface MailServerPlace {
  readonly createdAt: string;
  readonly id: string;
}

/** The company's mail servers, oldest first (R15). Never another company's. */
@Injectable()
export class MailServersView {
  private readonly model: Model<MailServerDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: mailServersProjection, schema });
  }

  async list(company: string, limit: number, after: MailServerPlace | null): Promise<MailServer[]> {
    const behind = after
      ? { $or: [{ createdAt: { $gt: after.createdAt } }, { createdAt: after.createdAt, _id: { $gt: after.id } }] }
      : {};
    const found = await this.model
      .find({ company, deleted: false, ...behind })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit)
      .lean();
    return found.map((document) => toMailServer(document as unknown as Stored));
  }

  /** null: not registered, deleted, or another company's. */
  async find(company: string, id: string): Promise<MailServer | null> {
    const found = await this.model.findOne({ _id: id, company, deleted: false }).lean();
    return found ? toMailServer(found as unknown as Stored) : null;
  }
}

type Stored = MailServerDocument & { readonly _id: string };

const toMailServer = ({ _id, name, description, createdAt, revision }: Stored): MailServer => ({
  id: _id,
  name,
  description,
  createdAt,
  revision,
});
