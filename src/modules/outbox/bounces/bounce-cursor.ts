import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { type Cursor } from '../../../gateways/index.js';

interface CursorDocument {
  /** Which mailbox. */
  readonly _id: string;
  readonly cursor: Cursor;
}

/** How far the mailbox for reports has been read. Lost, it is read again, and nothing is recorded twice. */
@Injectable()
export class BounceCursor {
  private readonly cursors: Collection<CursorDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.cursors = connection.collection<CursorDocument>('outbox_bounce_cursors');
  }

  async of(mailbox: string): Promise<Cursor | null> {
    return (await this.cursors.findOne({ _id: mailbox }))?.cursor ?? null;
  }

  async keep(mailbox: string, cursor: Cursor): Promise<void> {
    await this.cursors.updateOne({ _id: mailbox }, { $set: { cursor } }, { upsert: true });
  }

  async forget(mailbox: string): Promise<void> {
    await this.cursors.deleteOne({ _id: mailbox });
  }
}
