import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Collection, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const CHUNK = 5_000;

/** Results larger than one batch. */
export function cursorGuarantees(context: DocumentStoreContext): void {
  // FerretDB reads all of them for each question, whatever index there is
  const total = context.flavour === 'ferretdb' ? 20_000 : 100_000;
  describe(`a cursor over ${total.toLocaleString('en')} documents`, () => {
    let collection: Collection;
    beforeAll(async () => {
      collection = context.collection('large');
      await collection.createIndex({ group: 1, n: 1 });
      for (let first = 0; first < total; first += CHUNK) {
        await collection.insertMany(
          Array.from({ length: CHUNK }, (_, index) => ({
            _id: first + index,
            n: total - first - index,
            group: (first + index) % 10,
          })),
        );
      }
    }, 120_000);
    afterAll(async () => void (await collection.drop()));

    guarantee(context, 'gives each of them once', async () => {
      let [count, sum] = [0, 0];
      for await (const { _id } of collection.find({}, { projection: { _id: 1 } })) {
        count++;
        sum += _id as number;
      }
      expect(count).toBe(total);
      expect(sum).toBe((total * (total - 1)) / 2);
    });

    guarantee(context, 'gives them in the order of an index, and of none', async () => {
      for (const filter of [{ group: 3 }, { _id: { $gte: 0 } }]) {
        let [last, count] = [-Infinity, 0];
        let isOrdered = true;
        for await (const { n } of collection.find(filter).sort({ n: 1 }).batchSize(2500)) {
          isOrdered &&= (n as number) > last;
          last = n as number;
          count++;
        }
        expect(isOrdered).toBe(true);
        expect(count).toBe(filter.group === undefined ? total : total / 10);
      }
    });

    guarantee(context, 'goes on rightly while documents are written, changed and deleted', async () => {
      const seen = new Set<number>();
      let [repeated, round] = [0, 0];
      for await (const { _id } of collection.find({ group: 7 }).sort({ n: -1 }).batchSize(500)) {
        if (seen.has(_id as number)) repeated++;
        seen.add(_id as number);
        if (seen.size % 1000 === 0) {
          await collection.updateOne({ _id: 7 }, { $set: { touched: round } });
          await collection.insertOne({ _id: total + round, n: -round - 1, group: 99 });
          round++;
        }
      }
      expect(repeated).toBe(0);
      expect(seen.size).toBe(total / 10);
      await collection.deleteMany({ group: 99 });
    });

    guarantee(context, 'counts, with and without an index, and estimates', async () => {
      expect(await collection.countDocuments({ group: 4 })).toBe(total / 10);
      expect(await collection.countDocuments({ group: 4 }, { skip: 100, limit: 50 })).toBe(50);
      expect(await collection.countDocuments({ n: { $gt: total - 500 } })).toBe(500);
      expect(await collection.estimatedDocumentCount()).toBe(total);
    });

    guarantee(
      context,
      'aggregates over all of them',
      async () => {
        const groups = await collection
          .aggregate([{ $group: { _id: '$group', count: { $sum: 1 }, least: { $min: '$n' } } }, { $sort: { _id: 1 } }])
          .toArray();
        expect(groups).toHaveLength(10);
        expect(groups[9]).toEqual({ _id: 9, count: total / 10, least: 1 });
      },
      { ferretdb: 'knows only $sum and $count in $group' },
    );
  });

  describe('a cursor', () => {
    const documents = Array.from({ length: 250 }, (_, index) => ({ _id: index }));

    guarantee(
      context,
      'keeps to the batch sizes asked for',
      async () => {
        const collection = await context.filled('batches', documents);
        const { collectionName } = collection;
        const first = await context.db.command({ find: collectionName, batchSize: 100 });
        const cursor = first['cursor'] as { id: bigint; firstBatch: unknown[] };
        expect(cursor.firstBatch).toHaveLength(100);
        const more = await context.db.command({
          getMore: first['cursor'].id,
          collection: collectionName,
          batchSize: 120,
        });
        expect(more['cursor'].nextBatch).toHaveLength(120);
        const rest = await context.db.command({ getMore: first['cursor'].id, collection: collectionName });
        expect(rest['cursor'].nextBatch).toHaveLength(30);
        expect(Number(rest['cursor'].id)).toBe(0);
      },
      { ferretdb: 'binds a cursor to its session' },
    );

    guarantee(context, 'that is closed is gone', async () => {
      const collection = await context.filled('closed', documents);
      const cursor = collection.find().batchSize(10);
      await cursor.next();
      const { id } = cursor;
      await cursor.close();
      expect(await codeOf(context.db.command({ getMore: id, collection: collection.collectionName }))).toBe(43);
    });

    guarantee(context, 'with a limit ends there, with a first batch of zero starts empty', async () => {
      const collection = await context.filled('limited', documents);
      expect(await collection.find().limit(7).toArray()).toHaveLength(7);
      expect(await collection.find().batchSize(3).limit(7).toArray()).toHaveLength(7);
      const empty = await context.db.command({ find: collection.collectionName, batchSize: 0 });
      expect(empty['cursor'].firstBatch).toEqual([]);
      expect(Number(empty['cursor'].id)).not.toBe(0);
    });

    guarantee(context, 'over a collection that does not exist gives nothing', async () => {
      expect(await context.collection('nowhere').find().toArray()).toEqual([]);
      expect(await context.collection('nowhere').countDocuments()).toBe(0);
      expect(
        await context
          .collection('nowhere')
          .aggregate([{ $match: {} }])
          .toArray(),
      ).toEqual([]);
    });

    guarantee(context, 'over documents of a megabyte splits its batches', async () => {
      const collection = context.collection('bodies');
      for (let part = 0; part < 40; part++)
        await collection.insertOne({ _id: part, body: Buffer.alloc(1_000_000, part) });
      let bytes = 0;
      for await (const { body } of collection.find()) bytes += (body as { length(): number }).length();
      expect(bytes).toBe(40_000_000);
    });

    guarantee(context, 'refuses negative numbers', async () => {
      const { collectionName } = context.collection('negative');
      expect(await codeOf(context.db.command({ find: collectionName, skip: -1 }))).toBe(51024);
      expect(await codeOf(context.db.command({ find: collectionName, limit: -1 }))).toBe(51024);
    });

    guarantee(context, 'of distinct values takes arrays apart', async () => {
      const collection = await context.filled('distinct', [
        { a: 1, l: ['x', 'y'] },
        { a: 1.0, l: ['y'] },
        { a: 'text', o: { b: 1 } },
        { l: [] },
      ]);
      expect((await collection.distinct('a')).sort()).toEqual([1, 'text']);
      expect((await collection.distinct('l')).sort()).toEqual(['x', 'y']);
      expect(await collection.distinct('o.b')).toEqual([1]);
      expect(await collection.distinct('l', { a: 'text' })).toEqual([]);
    });
  });
}
