import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, mongo } from 'mongoose';
import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reject } from '../outbox.errors.js';
import { TooManyBytes } from './byte-limit.js';

/** A file of a form, stored away until the mail is made of it. */
export interface StoredPart {
  readonly partId: mongo.ObjectId;
  readonly size: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** A file as the form's parser hands it over (multer's storage engine). */
export interface IncomingPart {
  readonly fieldname: string;
  readonly originalname: string;
  readonly mimetype: string;
  readonly stream: Readable;
}

type Done = (error: unknown, stored?: StoredPart) => void;

/** More than any way of sending takes: what is larger is refused while it comes in. */
export const LARGEST_UPLOAD = 36 * 1024 * 1024;

/** Takes a form's files as they come in and holds none of them: they lie in GridFS until the mail is made. */
@Injectable()
export class PartStorage {
  private readonly received = new WeakMap<IncomingMessage, number>();

  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Called by the parser of forms, which knows callbacks only. */
  _handleFile(request: IncomingMessage, part: IncomingPart, done: Done): void {
    this.store(request, part).then(
      (stored) => done(null, stored),
      (error: unknown) => done(error instanceof TooManyBytes ? tooLarge() : error),
    );
  }

  /** Called by the parser for what it stored of a form that then failed. */
  _removeFile(_request: IncomingMessage, part: Partial<StoredPart>, done: (error: unknown) => void): void {
    (part.partId === undefined ? Promise.resolve() : this.parts.delete(part.partId)).then(() => done(null), done);
  }

  content({ partId }: StoredPart): Readable {
    return this.parts.openDownloadStream(partId);
  }

  async remove(parts: readonly StoredPart[]): Promise<void> {
    await Promise.all(parts.map(async ({ partId }) => this.parts.delete(partId)));
  }

  /** Removes what requests left behind that were cut off; a periodic job. */
  async forgetLeftovers(before: Date): Promise<void> {
    for await (const { _id } of this.parts.find({ uploadDate: { $lt: before } })) await this.parts.delete(_id);
  }

  private async store(request: IncomingMessage, { stream }: IncomingPart): Promise<StoredPart> {
    const hash = createHash('sha256');
    let size = 0;
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        hash.update(chunk);
        const all = (this.received.get(request) ?? 0) + chunk.length;
        this.received.set(request, all);
        if (all > LARGEST_UPLOAD) done(new TooManyBytes());
        else done(null, chunk);
      },
    });
    const upload = this.parts.openUploadStream('part');
    try {
      await pipeline(stream, counted, upload);
    } catch (error) {
      await upload.abort();
      throw error;
    }
    return { partId: upload.id, size, digest: hash.digest('hex') };
  }

  private get parts(): mongo.GridFSBucket {
    const { db } = this.connection;
    if (!db) throw new Error('MongoDB is not connected.');
    return new mongo.GridFSBucket(db, { bucketName: 'outbox_parts' });
  }
}

const tooLarge = () => reject('message_too_large', { limit: LARGEST_UPLOAD }, { field: 'attachments' });
