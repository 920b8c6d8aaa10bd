import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { type StoredCursor } from '../inbox.events.js';
import { type MessageFacts } from './message-store.js';

/** A mail that the server would not hand over after three tries: where it stands, and nothing of what is in it. */
export interface UnreadMail {
  readonly id: string;
  readonly company: string;
  readonly userId: string;
  /** Server and protocol, as in the inbox's standing; the locator means something only there. */
  readonly source: string;
  readonly locator: string;
  /** When the server received it; where the server does not say, when it was first asked for. */
  readonly receivedAt: Date;
  readonly reason: string;
  /** Reading on from here gives the mail among the next ones; null: reading from the import day. */
  readonly before: StoredCursor | null;
}

type UnreadDocument = Omit<UnreadMail, 'id'> & { readonly _id: string };

/** What lists can show of a mail that nobody has seen. */
const NOTHING_SEEN = { from: null, to: [], subject: '', preview: '', hasAttachments: false, size: 0 };

/**
 * The mails that could not be fetched: written before the event that names them, like the mails themselves, and as
 * little touched by a rebuild. Writing the same one again changes nothing.
 */
@Injectable()
export class UnreadMails {
  private readonly mails: Collection<UnreadDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.mails = connection.collection<UnreadDocument>('unread_mails');
  }

  async prepare(): Promise<void> {
    await this.mails.createIndex({ company: 1, userId: 1 });
  }

  async keep(mails: readonly UnreadMail[]): Promise<void> {
    for (const { id, ...mail } of mails) {
      await this.mails.updateOne({ _id: id }, { $setOnInsert: mail }, { upsert: true });
    }
  }

  /** null: there is none of this id in the company. */
  async find(company: string, id: string): Promise<UnreadMail | null> {
    const found = await this.mails.findOne({ _id: id, company });
    return found ? toUnreadMail(found) : null;
  }

  async factsOf(ids: readonly string[]): Promise<ReadonlyMap<string, MessageFacts>> {
    if (ids.length === 0) return new Map();
    const found = await this.mails.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(
      found.map(({ _id, receivedAt, reason }) => [_id, { receivedAt, summary: NOTHING_SEEN, unreadable: reason }]),
    );
  }

  async idsOf(company: string, userId: string): Promise<readonly string[]> {
    const found = await this.mails.find({ company, userId }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }
}

const toUnreadMail = ({ _id, ...mail }: UnreadDocument): UnreadMail => ({ id: _id, ...mail });
