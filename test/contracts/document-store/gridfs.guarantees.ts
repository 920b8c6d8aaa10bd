import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import mongoose from 'mongoose';
import { describe, expect } from 'vitest';
import { type DocumentStoreContext, guarantee } from './running-document-store.js';

const CHUNK = 255 * 1024;

const bytesOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 8)) % 251;
  return bytes;
};

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Files larger than a document. */
export function gridFsGuarantees(context: DocumentStoreContext): void {
  describe('GridFS', () => {
    const bucket = () => new mongoose.mongo.GridFSBucket(context.db, { bucketName: 'sources' });

    const put = async (name: string, bytes: Buffer): Promise<mongoose.mongo.ObjectId> => {
      const upload = bucket().openUploadStream(name, { metadata: { company: 'c' } });
      await pipeline(Readable.from([bytes]), upload);
      return upload.id;
    };

    guarantee(context, 'gives back what was put, byte by byte', async () => {
      for (const length of [0, 1, CHUNK, CHUNK + 1, 5_000_000]) {
        const bytes = bytesOf(length);
        const id = await put(`mail-${length}.eml`, bytes);
        expect(digest(await buffer(bucket().openDownloadStream(id)))).toBe(digest(bytes));
      }
    });

    guarantee(context, 'gives a range, within a chunk and across chunks', async () => {
      const bytes = bytesOf(3 * CHUNK);
      const id = await put('ranges.eml', bytes);
      for (const [start, end] of [
        [0, 10],
        [CHUNK - 5, CHUNK + 5],
        [10, 2 * CHUNK + 10],
        [3 * CHUNK - 1, 3 * CHUNK],
      ] as const) {
        const range = await buffer(bucket().openDownloadStream(id, { start, end }));
        expect(range.equals(bytes.subarray(start, end))).toBe(true);
      }
    });

    guarantee(context, 'finds files by name and metadata, the newest by its name', async () => {
      await put('twice.eml', Buffer.from('first'));
      await put('twice.eml', Buffer.from('second'));
      expect(await bucket().find({ filename: 'twice.eml', 'metadata.company': 'c' }).toArray()).toHaveLength(2);
      expect((await buffer(bucket().openDownloadStreamByName('twice.eml'))).toString()).toBe('second');
    });

    guarantee(context, 'deletes a file with its chunks', async () => {
      const id = await put('deleted.eml', bytesOf(2 * CHUNK));
      await bucket().delete(id);
      expect(await context.db.collection('sources.chunks').countDocuments({ files_id: id })).toBe(0);
      await expect(buffer(bucket().openDownloadStream(id))).rejects.toThrow(/FileNotFound/);
    });
  });
}
