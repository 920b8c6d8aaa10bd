import { randomBytes } from 'node:crypto';
import { BsonType } from '../bson/bson-type.js';
import { BsonWriter } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { double, int64, string } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import type { DocumentStream } from '../aggregate/stage.js';
import type { Collection } from '../store/collection.js';

/** MongoDB's first batch when the client names no size. */
const FIRST_BATCH = 101;
/** A reply holds at most this many bytes of documents, and at least one document. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_LIMIT_MS = 10 * 60 * 1000;

/** A query whose results the client fetches batch by batch. Between batches it holds no documents but one. */
interface OpenCursor {
  readonly namespace: string;
  readonly collection: Collection | undefined;
  readonly stream: DocumentStream;
  readonly session: string | undefined;
  /** A document that was read but did not fit the last batch. */
  pending: Cell | undefined;
  lastUsed: number;
}

/** What is needed to open a cursor. */
export interface CursorRequest {
  readonly namespace: string;
  readonly collection: Collection | undefined;
  readonly stream: DocumentStream;
  readonly batchSize: number | undefined;
  /** Whether the cursor is closed after the first batch, whatever is left. */
  readonly singleBatch?: boolean;
  readonly session: string | undefined;
}

function writeReply(field: 'firstBatch' | 'nextBatch', batch: readonly Cell[], id: bigint, namespace: string): Cell {
  const writer = new BsonWriter().open().openElement(BsonType.object, 'cursor').openElement(BsonType.array, field);
  batch.forEach((document, index) => writer.cell(String(index), document));
  writer.close().cell('id', int64(id)).cell('ns', string(namespace)).close();
  return writer.cell('ok', double(1)).close().finishCell();
}

/** Takes documents up to a number and a size. */
function takeBatch(cursor: OpenCursor, size: number): Cell[] {
  const batch: Cell[] = [];
  let bytes = 0;
  while (batch.length < size) {
    const document = cursor.pending ?? cursor.stream.next();
    cursor.pending = document;
    if (document === undefined) break;
    bytes += document.end - document.start;
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
    batch.push(document);
    cursor.pending = undefined;
  }
  return batch;
}

/** All open cursors of a server. */
export class Cursors {
  private readonly cursors = new Map<bigint, OpenCursor>();

  get count(): number {
    return this.cursors.size;
  }

  /** Answers a query with its first batch, and keeps the cursor if there is more. */
  open({ batchSize, singleBatch = false, ...request }: CursorRequest): Cell {
    const cursor: OpenCursor = { ...request, pending: undefined, lastUsed: Date.now() };
    try {
      const batch = takeBatch(cursor, batchSize ?? FIRST_BATCH);
      const id = singleBatch || !this.hasMore(cursor) ? 0n : this.keep(cursor);
      return writeReply('firstBatch', batch, id, cursor.namespace);
    } finally {
      cursor.stream.pause();
    }
  }

  /** @throws MongoFault 43 when there is no such cursor */
  more(id: bigint, namespace: string, batchSize: number | undefined): Cell {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) throw new MongoFault(43, `cursor id ${String(id)} not found`);
    if (cursor.namespace !== namespace) {
      throw new MongoFault(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.collection?.isDropped === true) {
      this.cursors.delete(id);
      throw new MongoFault(175, 'collection dropped');
    }
    cursor.lastUsed = Date.now();
    try {
      const batch = takeBatch(cursor, batchSize === undefined || batchSize === 0 ? Infinity : batchSize);
      const isDone = !this.hasMore(cursor);
      if (isDone) this.cursors.delete(id);
      return writeReply('nextBatch', batch, isDone ? 0n : id, namespace);
    } catch (error) {
      this.cursors.delete(id);
      throw error;
    } finally {
      cursor.stream.pause();
    }
  }

  /** Closes a cursor; false when there was none. */
  kill(id: bigint): boolean {
    return this.cursors.delete(id);
  }

  /** Closes what a session left open. */
  killSession(session: string): void {
    this.killWhere((cursor) => cursor.session === session);
  }

  /** Closes cursors nobody has asked for ten minutes, as MongoDB does. */
  killIdle(now: number): void {
    this.killWhere((cursor) => now - cursor.lastUsed > IDLE_LIMIT_MS);
  }

  private killWhere(test: (cursor: OpenCursor) => boolean): void {
    for (const [id, cursor] of this.cursors) if (test(cursor)) this.cursors.delete(id);
  }

  private hasMore(cursor: OpenCursor): boolean {
    cursor.pending ??= cursor.stream.next();
    return cursor.pending !== undefined;
  }

  private keep(cursor: OpenCursor): bigint {
    const id = randomBytes(8).readBigUInt64LE() >> 1n; // positive, and never the 0 that means "closed"
    if (id === 0n || this.cursors.has(id)) return this.keep(cursor);
    this.cursors.set(id, cursor);
    return id;
  }
}
