import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { inboxStream } from '../inbox.events.js';
import { type MailboxProgressDocument, mailboxProgressProjection } from './mailbox-progress.projection.js';

const schema = new Schema(
  { company: String, userId: String, phase: String, import: Schema.Types.Mixed },
  { versionKey: false, minimize: false },
);

/** How far the import of a mailbox has come (R29, R30). */
@Injectable()
export class MailboxProgressView {
  private readonly model: Model<MailboxProgressDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: mailboxProgressProjection, schema });
  }

  /** null: receiving never began. */
  async find(company: string, userId: string): Promise<MailboxProgressDocument | null> {
    const found = await this.model.findById(inboxStream(company, userId)).lean();
    return found;
  }
}
