import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Mailbox } from '@libs/mail-composing';
import { type Collection, type Connection, mongo } from 'mongoose';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { type PreparedMail } from '../../../gateways/index.js';
import { ByteLimit } from './byte-limit.js';

/** What is kept of a mail besides its source. */
export interface MailFacts {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly subject: string;
  readonly preview: string;
  readonly hasAttachments: boolean;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  /** Everybody who is to get it, without repeats; events name them by their place in this list. */
  readonly recipients: readonly string[];
  /** A hash of what was asked for: the same id with another content is no repetition. */
  readonly fingerprint: string;
}

export interface KeptMail extends MailFacts {
  readonly id: string;
  /** Bytes of MIME. */
  readonly size: number;
}

interface MailDocument extends MailFacts {
  readonly _id: string;
  readonly company: string;
  readonly size: number;
  readonly file: mongo.ObjectId;
  /** When it was last asked to be sent: made, or found again by a repeated request. */
  readonly storedAt: Date;
  /** Nothing of the mail is left (erasing/erased-mails). */
  readonly erasedAt?: Date;
}

/** A kept mail as it was when it was last asked for. */
export interface KeptSince {
  readonly id: string;
  readonly company: string;
  readonly storedAt: Date;
}

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const DUPLICATE_KEY = 11_000;

/**
 * The mails themselves: MIME, zstd-compressed in GridFS, and what lists show. Written before the event that queues
 * them; no rebuild touches them, and no event holds them. The first to keep a mail under an id decides its content.
 */
@Injectable()
export class KeptMails {
  private readonly mails: Collection<MailDocument>;

  constructor(@InjectConnection() private readonly connection: Connection) {
    this.mails = connection.collection<MailDocument>('outbox_mails_kept');
  }

  async prepare(): Promise<void> {
    await this.mails.createIndex({ storedAt: 1 });
  }

  /**
   * Keeps a mail, confirmed when all of it is durable, and answers what is kept under its id. The source is read to
   * its end and never held. Throws TooManyBytes, and has then kept nothing.
   */
  async keep(company: string, id: string, facts: MailFacts, source: Readable, limit: number): Promise<KeptMail> {
    const counted = new ByteLimit(limit);
    const upload = this.sources.openUploadStream(id);
    try {
      await pipeline(source, counted, createZstdCompress(LEVEL), upload);
    } catch (error) {
      await upload.abort();
      throw error;
    }
    const stored = { size: counted.bytes, file: upload.id, storedAt: new Date() };
    try {
      await this.mails.insertOne({ _id: id, company, ...facts, ...stored });
      return { id, ...facts, size: counted.bytes };
    } catch (error) {
      await this.sources.delete(upload.id);
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    }
    const kept = await this.askFor(company, id);
    if (kept === null) throw new Error('A mail was kept under this id, and is not any more, or not of this company.');
    return kept;
  }

  /** Like `find`, by somebody about to queue it: nobody takes it for abandoned any more. */
  async askFor(company: string, id: string): Promise<KeptMail | null> {
    const found = await this.mails.findOneAndUpdate(
      { _id: id, company },
      { $set: { storedAt: new Date() } },
      { returnDocument: 'after' },
    );
    return found === null ? null : toKept(found);
  }

  /** Mails that were last asked for within this time, in no order. */
  async *askedForBetween(since: Date, until: Date): AsyncGenerator<KeptSince> {
    const fields = { projection: { company: 1, storedAt: 1 } };
    for await (const found of this.mails.find({ storedAt: { $gte: since, $lt: until } }, fields)) {
      yield { id: found._id, company: found.company, storedAt: found.storedAt };
    }
  }

  /** False: somebody has asked for it since, and it stays. */
  async removeUnlessAskedFor({ id, storedAt }: KeptSince): Promise<boolean> {
    const removed = await this.mails.findOneAndDelete({ _id: id, storedAt }, { projection: { file: 1 } });
    if (removed !== null) await this.sources.delete(removed.file);
    return removed !== null;
  }

  /** null: there is no such mail in the company. */
  async find(company: string, id: string): Promise<KeptMail | null> {
    const found = await this.mails.findOne({ _id: id, company });
    return found === null ? null : toKept(found);
  }

  /** What lists show of the mail; for the read model. */
  async factsOf(company: string, id: string): Promise<KeptMail> {
    const kept = await this.find(company, id);
    if (kept === null) throw new Error(`Mail ${id} is on the record, but it is not kept.`);
    return kept;
  }

  /** Whose mail this is, and who was to get it; null: there is none under this id, in any company. */
  async addresseesOf(id: string): Promise<{ readonly company: string; readonly recipients: readonly string[] } | null> {
    const found = await this.mails.findOne({ _id: id }, { projection: { company: 1, recipients: 1 } });
    return found === null ? null : { company: found.company, recipients: found.recipients };
  }

  /** The mail as a gateway takes it; for those recipients only, by their places in the list, or (null) for all. */
  async prepared(
    company: string,
    id: string,
    only: readonly number[] | null,
  ): Promise<Omit<PreparedMail, 'returnPath' | 'envelopeId'>> {
    const { messageId, from, recipients: all, bcc, to, cc, size, inReplyTo } = await this.factsOf(company, id);
    const recipients = only === null ? all : only.flatMap((place) => all[place] ?? []);
    const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
    return {
      mailId: id,
      messageId,
      from: from.address,
      recipients,
      bcc: bcc.map(({ address }) => address).filter((address) => !named.has(address.toLowerCase())),
      size,
      inReplyTo,
      source: () => this.stream(company, id),
    };
  }

  /** The MIME; without any line that names blind recipients. */
  stream(company: string, id: string): Readable {
    return Readable.from(this.chunks(company, id));
  }

  /** Whether the company has such a mail, and it is not erased. */
  async isReadable(company: string, id: string): Promise<boolean> {
    const found = await this.mails.findOne({ _id: id, company }, { projection: { erasedAt: 1 } });
    return found !== null && !found.erasedAt;
  }

  /** The MIME in one piece, for reading. null: there is no such mail in the company, or it is erased. */
  async source(company: string, id: string): Promise<Buffer | null> {
    if (!(await this.isReadable(company, id))) return null;
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(company, id)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Removes sources whose mail was never queued, because a request was cut off; a periodic job. */
  async forgetLeftovers(since: Date, until: Date): Promise<void> {
    for await (const { _id, filename } of this.sources.find({ uploadDate: { $gte: since, $lt: until } })) {
      const kept = await this.mails.findOne({ _id: filename }, { projection: { file: 1 } });
      if (kept?.file.equals(_id) !== true) await this.sources.delete(_id);
    }
  }

  private async *chunks(company: string, id: string): AsyncGenerator<Buffer> {
    const found = await this.mails.findOne({ _id: id, company }, { projection: { file: 1 } });
    if (found === null) throw new Error(`Mail ${id} is not kept.`);
    const download = this.sources.openDownloadStream(found.file);
    const plain = createZstdDecompress();
    const read = pipeline(download, plain);
    // Handled below; without this a failure would count as unhandled while the consumer is busy with a chunk.
    read.catch(() => undefined);
    for await (const chunk of plain) yield chunk as Buffer;
    await read;
  }

  private get sources(): mongo.GridFSBucket {
    const { db } = this.connection;
    if (!db) throw new Error('MongoDB is not connected.');
    return new mongo.GridFSBucket(db, { bucketName: 'outbox_sources' });
  }
}

function toKept({
  _id,
  company: _company,
  file: _file,
  storedAt: _storedAt,
  erasedAt: _erasedAt,
  ...facts
}: MailDocument): KeptMail {
  return { id: _id, ...facts };
}
