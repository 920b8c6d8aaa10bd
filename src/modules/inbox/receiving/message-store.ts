import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection, mongo } from 'mongoose';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import {
  constants,
  createZstdCompress,
  createZstdDecompress,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
} from 'node:zlib';

/** A mail as it is kept: the source as received, and what lists show of it. Written before the event names it. */
export interface KeptMail {
  readonly id: string;
  readonly company: string;
  readonly userId: string;
  /** Everything by which it is recognised when it comes again: its id, and what it would be called by other readings. */
  readonly identities: readonly string[];
  readonly headerIdentity: string;
  /** The worlds in which it was met (known-elsewhere.ts); in each of them it has an identity of its own. */
  readonly knownIn: readonly string[];
  /** Its Message-ID header, brackets included; null: it has none, or cannot be read. */
  readonly messageIdHeader: string | null;
  readonly receivedAt: Date;
  readonly locator: string;
  readonly summary: MailSummaryText;
  /** Why it could not be read; null: it could. */
  readonly unreadable: string | null;
  readonly source: Buffer;
}

/** What lists show. */
export interface MailSummaryText {
  readonly from: { readonly name: string; readonly address: string } | null;
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly subject: string;
  readonly preview: string;
  readonly hasAttachments: boolean;
  readonly size: number;
}

interface MessageDocument extends Omit<KeptMail, 'id' | 'source'> {
  readonly _id: string;
  readonly rereadPending?: boolean;
  readonly storedAt: Date;
  /** Nothing but the identities is left (erasing/erased-sources). */
  readonly erasedAt?: Date;
  /** zstd (RFC 8878); null: in GridFS under the same id, because it is too large for a document. */
  readonly zstd: mongo.Binary | null;
}

export type MessageFacts = Pick<MessageDocument, 'receivedAt' | 'summary' | 'unreadable'>;
/** What reading the source gives: all of it may be read anew, and better. */
export type MailReading = Pick<
  KeptMail,
  'summary' | 'unreadable' | 'messageIdHeader' | 'headerIdentity' | 'identities'
>;
/** A kept mail that may be one of another world. */
export type Stranger = Pick<KeptMail, 'id' | 'headerIdentity' | 'receivedAt' | 'summary'>;
/** A kept mail without its source. */
export type KeptReading = MailReading &
  Pick<KeptMail, 'id' | 'company' | 'userId'> & {
    /** It was read anew, and no event says so yet. */
    readonly rereadPending?: boolean;
  };

/** Compressed sources up to this size lie in the document itself. */
const LARGEST_INLINE = 4 * 1024 * 1024;
/** Most mails are smaller; sending one to another thread and back takes ten times as long as compressing it here. */
const COMPRESSED_AT_ONCE = 64 * 1024;
const DUPLICATE_KEY = 11_000;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * The mails themselves, byte for byte as received: no rebuild touches them, and no event holds them. Storing the
 * same mail again changes nothing, so a batch that was cut off may simply come again.
 */
@Injectable()
export class MessageStore {
  private readonly messages: Collection<MessageDocument>;
  private readonly connection: Connection;

  constructor(@InjectConnection() connection: Connection) {
    this.connection = connection;
    this.messages = connection.collection<MessageDocument>('message_sources');
  }

  async prepare(): Promise<void> {
    await this.messages.createIndex({ company: 1, userId: 1, headerIdentity: 1 });
    await this.messages.createIndex({ company: 1, userId: 1, messageIdHeader: 1 });
    await this.messages.createIndex({ company: 1, userId: 1, identities: 1 });
  }

  /** Keeps these mails; confirmed when all of them are durable. */
  async keep(mails: readonly KeptMail[]): Promise<void> {
    if (mails.length === 0) return;
    const documents = await Promise.all(mails.map(async (mail) => this.toDocument(mail)));
    try {
      await this.messages.insertMany(documents, { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  }

  /** What lists show of these mails, by id. */
  async factsOf(ids: readonly string[]): Promise<ReadonlyMap<string, MessageFacts>> {
    const fields = { receivedAt: 1, summary: 1, unreadable: 1 };
    const found = await this.messages.find({ _id: { $in: [...ids] } }, { projection: fields }).toArray();
    return new Map(found.map((document) => [document._id, document]));
  }

  /** The source as received; null: there is no such mail in the company. */
  async source(company: string, id: string): Promise<Buffer | null> {
    const found = await this.messages.findOne({ _id: id, company }, { projection: { zstd: 1, erasedAt: 1 } });
    if (!found || found.erasedAt) return null;
    return found.zstd ? decompress(found.zstd.buffer) : this.readLarge(id);
  }

  /** The ids of the mailbox's kept mails with this Message-ID header. */
  async idsByMessageId(company: string, userId: string, messageIdHeader: string): Promise<readonly string[]> {
    const found = await this.messages
      .find({ company, userId, messageIdHeader }, { projection: { _id: 1 } })
      .limit(100)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  /** The mailbox's kept mails with these headers that were not met in this world. */
  async strangersTo(
    world: string,
    { company, userId, headerIdentities }: { company: string; userId: string; headerIdentities: readonly string[] },
  ): Promise<readonly Stranger[]> {
    const fields = { headerIdentity: 1, knownIn: 1, receivedAt: 1, summary: 1 };
    const found = await this.messages
      .find({ company, userId, headerIdentity: { $in: [...headerIdentities] } }, { projection: fields })
      .toArray();
    return found.filter(({ knownIn }) => !knownIn.includes(world)).map(({ _id, ...mail }) => ({ id: _id, ...mail }));
  }

  /** Notes that a kept mail is this one of another world too. */
  async meet(company: string, id: string, world: string, identities: readonly string[]): Promise<void> {
    await this.messages.updateOne(
      { _id: id, company },
      { $addToSet: { knownIn: world, identities: { $each: [...identities] } } },
    );
  }

  /** The ids of the mailbox's kept mails that have these identities, by identity. */
  async idsByIdentity(
    company: string,
    userId: string,
    identities: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(identities);
    const found = await this.messages
      .find({ company, userId, identities: { $in: [...wanted] } }, { projection: { identities: 1 } })
      .toArray();
    const pairs = found.flatMap(({ _id, identities: has }) => has.map((identity) => [identity, _id] as const));
    return new Map(pairs.filter(([identity]) => wanted.has(identity)));
  }

  /**
   * Puts what a better reading gave in the place of what was read before; the source and the id stay as they are, and
   * the mail is recognised by its old and its new identities. Until `rereadRecorded`, an event about it is owed.
   */
  async replaceReading(company: string, id: string, reading: MailReading): Promise<void> {
    const { identities, ...read } = reading;
    await this.messages.updateOne(
      { _id: id, company, erasedAt: { $exists: false } },
      { $set: { ...read, rereadPending: true }, $addToSet: { identities: { $each: [...identities] } } },
    );
  }

  /** The event about the new readings is on the record. */
  async rereadRecorded(ids: readonly string[]): Promise<void> {
    await this.messages.updateMany({ _id: { $in: [...ids] } }, { $unset: { rereadPending: '' } });
  }

  /** What was read of the kept mails behind this id, in the order of ids; a walk over all of them, of all companies. */
  async readingsBehind(id: string | null, limit: number): Promise<readonly KeptReading[]> {
    const found = await this.messages
      .find({ ...(id === null ? {} : { _id: { $gt: id } }), erasedAt: { $exists: false } }, { projection: { zstd: 0 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, ...reading }) => ({ id: _id, ...reading }));
  }

  /** How many mails are kept, of all companies. */
  async count(): Promise<number> {
    return this.messages.countDocuments({});
  }

  private async toDocument({ id, source, ...mail }: KeptMail): Promise<MessageDocument> {
    const isSmall = source.length <= COMPRESSED_AT_ONCE;
    const zstd = isSmall ? zstdCompressSync(source, LEVEL) : await compress(source, LEVEL);
    const document = { _id: id, ...mail, storedAt: new Date() };
    if (zstd.length <= LARGEST_INLINE) return { ...document, zstd: new mongo.Binary(zstd) };
    await this.keepLarge(id, source);
    return { ...document, zstd: null };
  }

  private get large(): mongo.GridFSBucket {
    const { db } = this.connection;
    if (!db) throw new Error('MongoDB is not connected.');
    return new mongo.GridFSBucket(db, { bucketName: 'large_message_sources' });
  }

  /** A file of a batch that was cut off is written again from the start: half a file has the same name and no end. */
  private async keepLarge(id: string, source: Buffer): Promise<void> {
    const bucket = this.large;
    const [whole] = await bucket.find({ filename: id, 'metadata.whole': source.length }).toArray();
    if (whole) return;
    const upload = bucket.openUploadStream(id, { metadata: { whole: source.length } });
    await pipeline(Readable.from([source]), createZstdCompress(LEVEL), upload);
  }

  private async readLarge(id: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const read = this.large.openDownloadStreamByName(id);
    await pipeline(read, createZstdDecompress(), async (parts: AsyncIterable<Buffer>) => {
      for await (const part of parts) chunks.push(part);
    });
    return Buffer.concat(chunks);
  }
}

function onlyDuplicates(error: unknown): boolean {
  const failures = (error as { writeErrors?: unknown }).writeErrors;
  return (
    Array.isArray(failures) &&
    failures.length > 0 &&
    failures.every((failure: { readonly code?: number }) => failure.code === DUPLICATE_KEY)
  );
}
