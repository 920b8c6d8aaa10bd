import type mongoose from 'mongoose';
import { describe, expect } from 'vitest';
import { Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from './bson-values.js';
import { found } from './finding.js';
import { type DocumentStoreContext, guarantee } from './running-document-store.js';

const RAW = { promoteValues: false, promoteLongs: false, promoteBuffers: false } as const;
const UNICODE = '日本語 𠮷野家 émoji 🚀';

/** What is written comes back as it was, and values that look alike are told apart. */
export function typeGuarantees(context: DocumentStoreContext): void {
  describe('types', () => {
    guarantee(context, 'text comes back as it was, beyond ASCII and with a NUL in it', async () => {
      const collection = await context.filled('text', [{ _id: 1, text: UNICODE, nul: 'a\0b', empty: '' }]);
      expect(await collection.findOne()).toEqual({ _id: 1, text: UNICODE, nul: 'a\0b', empty: '' });
    });

    guarantee(context, 'dates keep their milliseconds, before 1970 too', async () => {
      const dates = [
        new Date(0),
        new Date(-1),
        new Date('1969-07-20T20:17:40.123Z'),
        new Date('2026-02-03T04:05:06.789Z'),
      ];
      const collection = await context.filled('dates', [{ dates }]);
      expect((await collection.findOne())?.['dates']).toEqual(dates);
    });

    guarantee(context, 'numbers keep their type: int32, int64, double', async () => {
      const numbers = { int: new Int32(5), long: Long.fromNumber(5), double: new Double(5) };
      const collection = await context.filled('numbers', [numbers]);
      const stored = await collection.findOne({}, RAW);
      expect(stored?.['int']).toBeInstanceOf(Int32);
      expect(stored?.['long']).toBeInstanceOf(Long);
      expect(stored?.['double']).toBeInstanceOf(Double);
    });

    guarantee(context, 'int64 is exact beyond 2^53', async () => {
      const near = [9007199254740992n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n];
      const collection = await context.filled(
        'longs',
        near.map((long, index) => ({ _id: index, long })),
      );
      const stored = await collection.find({}, { useBigInt64: true }).sort({ _id: 1 }).toArray();
      expect(stored.map(({ long }) => long as unknown)).toEqual(near);
      expect(await found(collection, { long: Long.fromBigInt(9007199254740993n) })).toEqual([1]);
    });

    guarantee(context, 'numbers of different types are equal when their values are', async () => {
      const collection = await context.filled('equal', [
        { _id: 1, n: new Int32(7) },
        { _id: 2, n: Long.fromNumber(7) },
        { _id: 3, n: new Double(7) },
        { _id: 4, n: new Double(7.5) },
      ]);
      for (const seven of [new Int32(7), Long.fromNumber(7), new Double(7)]) {
        expect(await found(collection, { n: seven })).toEqual([1, 2, 3]);
      }
    });

    guarantee(
      context,
      'special doubles come back as they were',
      async () => {
        const doubles = [NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308];
        const collection = await context.filled('doubles', [{ doubles: doubles.map((value) => new Double(value)) }]);
        expect((await collection.findOne())?.['doubles']).toEqual(doubles);
      },
      { ferretdb: 'stores no NaN and infinities' },
    );

    guarantee(context, 'binary is compared byte by byte, and by its subtype', async () => {
      const bytes = [Buffer.from([0xff, 0xfe]), Buffer.from([0xff, 0xfd]), Buffer.from([]), Buffer.from([0, 0xff, 0])];
      const collection = await context.filled(
        'bytes',
        bytes.map((value, index) => ({ _id: index, value: new Binary(value) })),
      );
      await collection.insertOne({ _id: 9, value: new Binary(bytes[0], Binary.SUBTYPE_MD5) });
      for (const [index, value] of bytes.entries()) {
        expect(await found(collection, { value: new Binary(value) })).toEqual([index]);
      }
      const stored = await collection.findOne({ _id: 3 });
      expect(Buffer.from((stored?.['value'] as mongoose.mongo.Binary).buffer)).toEqual(bytes[3]);
    });

    guarantee(context, 'large binaries come back byte by byte', async () => {
      const bytes = Buffer.alloc(3_000_000);
      for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 31) % 251;
      const collection = await context.filled('large', [{ body: new Binary(bytes) }]);
      const stored = await collection.findOne();
      expect(bytes.equals(Buffer.from((stored?.['body'] as mongoose.mongo.Binary).buffer))).toBe(true);
    });

    guarantee(context, 'UUIDs and ObjectIds are found by their value', async () => {
      const [uuid, id] = [new UUID(), new ObjectId()];
      const collection = await context.filled('ids', [
        { _id: id, uuid },
        { _id: new ObjectId(), uuid: new UUID() },
      ]);
      expect(await collection.countDocuments({ uuid })).toBe(1);
      expect((await collection.findOne({ _id: new ObjectId(id.toHexString()) }))?._id).toEqual(id);
    });

    guarantee(
      context,
      'regular expressions, timestamps, MinKey and MaxKey come back as they were',
      async () => {
        const values = {
          regex: /^a.*b$/i,
          time: new Timestamp({ t: 1_700_000_000, i: 7 }),
          low: new MinKey(),
          high: new MaxKey(),
        };
        const collection = await context.filled('rare', [values]);
        const stored = await collection.findOne();
        expect(stored).toMatchObject({ regex: /^a.*b$/i, low: new MinKey(), high: new MaxKey() });
        expect(values.time.equals(stored?.['time'] as mongoose.mongo.Timestamp)).toBe(true);
      },
      { ferretdb: 'does not store MinKey and MaxKey' },
    );

    guarantee(context, 'null and undefined: null is stored, a field left out is missing', async () => {
      const collection = await context.filled('nothing', [{ _id: 1, a: null }, { _id: 2 }]);
      expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, a: null });
      expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2 });
    });

    guarantee(context, 'sub-documents are equal only with the same fields in the same order', async () => {
      const collection = await context.filled('order', [
        { _id: 1, at: { host: 'a', port: 1 } },
        { _id: 2, at: { port: 1, host: 'a' } },
        { _id: 3, at: { host: 'a', port: 1, tls: true } },
      ]);
      expect(await found(collection, { at: { host: 'a', port: 1 } })).toEqual([1]);
      expect(await found(collection, { at: { host: 'a', port: new Double(1) } })).toEqual([1]);
    });

    guarantee(context, 'fields keep their order, also those that look like numbers', async () => {
      const fields = new Map<string, number>([
        ['b', 1],
        ['10', 2],
        ['2', 3],
        ['a', 4],
      ]);
      const collection = context.collection('fields');
      await collection.insertOne({ fields });
      const raw = (await collection.findOne({}, { raw: true })) as unknown as Buffer;
      const names = ['b', '10', '2', 'a'].map((name) => raw.indexOf(`\x10${name}\0`, 0, 'latin1'));
      expect(names).toEqual([...names].sort((x, y) => x - y));
      expect(names.every((at) => at > 0)).toBe(true);
    });
  });
}
