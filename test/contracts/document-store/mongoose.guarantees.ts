import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type DocumentStoreContext, guarantee } from './running-document-store.js';

const mailSchema = new mongoose.Schema(
  {
    _id: String,
    company: { type: String, required: true },
    subject: String,
    receivedAt: Date,
    tags: [String],
    sender: { type: mongoose.Schema.Types.ObjectId, ref: 'Person' },
    source: Buffer,
    position: { type: mongoose.Schema.Types.BigInt },
  },
  { timestamps: true, optimisticConcurrency: true },
).index({ company: 1, receivedAt: -1, _id: -1 });

const personSchema = new mongoose.Schema({ name: String, email: { type: String, unique: true } });

/** What mongoose does on top of the driver. */
export function mongooseGuarantees(context: DocumentStoreContext): void {
  describe('mongoose', () => {
    let connection: Connection;
    const Mail = () => connection.model('Mail', mailSchema);
    const Person = () => connection.model('Person', personSchema);

    beforeAll(async () => {
      const dbName = `${context.db.databaseName}_models`;
      connection = await mongoose.createConnection(context.url, { dbName }).asPromise();
      await Promise.all([Mail().init(), Person().init()]);
    });
    afterAll(async () => {
      await connection.dropDatabase();
      await connection.close();
    });

    guarantee(context, 'makes the indexes of a schema, and finds nothing to change the second time', async () => {
      const names = (await Mail().collection.indexes()).map(({ name }) => name);
      expect(names).toEqual(['_id_', 'company_1_receivedAt_-1__id_-1']);
      expect(await Mail().syncIndexes()).toEqual([]);
      await Mail().collection.createIndex({ subject: 1 });
      expect(await Mail().syncIndexes()).toEqual(['subject_1']);
    });

    guarantee(context, 'stores and reads a document with all its types', async () => {
      const source = Buffer.from([0, 255, 128]);
      const receivedAt = new Date(1_700_000_000_123);
      await Mail().create({ _id: 'types', company: 'c', receivedAt, tags: ['a'], source, position: 9007199254740993n });
      const mail = await Mail().findById('types').orFail();
      expect(mail).toMatchObject({ company: 'c', receivedAt, position: 9007199254740993n });
      expect(mail.source?.equals(source)).toBe(true);
      expect(mail.get('createdAt')).toBeInstanceOf(Date);
    });

    guarantee(context, 'saves only what changed, and notices a change in between', async () => {
      await Mail().create({ _id: 'version', company: 'c', subject: 'first' });
      const [mine, theirs] = await Promise.all([
        Mail().findById('version').orFail(),
        Mail().findById('version').orFail(),
      ]);
      theirs.subject = 'theirs';
      await theirs.save();
      mine.subject = 'mine';
      await expect(mine.save()).rejects.toBeInstanceOf(mongoose.Error.VersionError);
      expect((await Mail().findById('version').lean())?.subject).toBe('theirs');
    });

    guarantee(context, 'updates arrays of a document by their operators', async () => {
      const mail = await Mail().create({ _id: 'arrays', company: 'c', tags: ['a', 'b'] });
      mail.tags.push('c');
      (mail.tags as mongoose.Types.Array<string>).pull('a');
      await mail.save();
      expect((await Mail().findById('arrays').lean())?.tags).toEqual(['b', 'c']);
    });

    guarantee(context, 'populates references', async () => {
      const aiko = await Person().create({ name: 'Aiko', email: 'aiko@a.example' });
      await Mail().create({ _id: 'sent', company: 'c', sender: aiko._id });
      const mail = await Mail().findById('sent').populate<{ sender: { name: string } }>('sender').orFail();
      expect(mail.sender.name).toBe('Aiko');
    });

    guarantee(
      context,
      'tells a duplicate by code and key',
      async () => {
        await Person().create({ name: 'Ben', email: 'ben@a.example' });
        const failure: unknown = await Person()
          .create({ name: 'B', email: 'ben@a.example' })
          .catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: 11000, keyValue: { email: 'ben@a.example' } });
      },
      { ferretdb: 'names neither keyPattern nor keyValue' },
    );

    guarantee(context, 'finds, counts, pages and asks for existence', async () => {
      const mails = Array.from({ length: 30 }, (_, n) => ({ _id: `page-${n}`, company: 'p', receivedAt: new Date(n) }));
      await Mail().insertMany(mails);
      const page = await Mail()
        .find({ company: 'p' })
        .sort({ receivedAt: -1, _id: -1 })
        .skip(5)
        .limit(5)
        .select('_id')
        .lean();
      expect(page).toEqual([24, 23, 22, 21, 20].map((n) => ({ _id: `page-${n}` })));
      expect(await Mail().countDocuments({ company: 'p' })).toBe(30);
      expect(await Mail().exists({ company: 'p', receivedAt: { $gt: new Date(28) } })).toEqual({ _id: 'page-29' });
      expect(await Mail().exists({ company: 'nobody' })).toBeNull();
    });

    guarantee(context, 'upserts with defaults', async () => {
      const options = { upsert: true, returnDocument: 'after' } as const;
      const mail = await Mail().findOneAndUpdate({ _id: 'upsert' }, { $set: { company: 'u' } }, options);
      expect(mail).toMatchObject({ company: 'u', tags: [] });
      const again = await Mail().findOneAndUpdate({ _id: 'upsert' }, { $set: { subject: 's' } }, options);
      expect(again.get('createdAt')).toEqual(mail.get('createdAt'));
    });

    guarantee(context, 'writes in bulk and streams by cursor', async () => {
      const outcome = await Mail().bulkWrite([
        { insertOne: { document: { _id: 'bulk-1', company: 'b' } } },
        { updateOne: { filter: { _id: 'bulk-2' }, update: { $set: { company: 'b' } }, upsert: true } },
        { updateMany: { filter: { company: 'b' }, update: { $addToSet: { tags: 'x' } } } },
      ]);
      expect(outcome).toMatchObject({ insertedCount: 1, upsertedCount: 1, modifiedCount: 2 });
      const ids: unknown[] = [];
      for await (const { _id } of Mail().find({ company: 'b' }).sort({ _id: 1 }).cursor({ batchSize: 1 }))
        ids.push(_id);
      expect(ids).toEqual(['bulk-1', 'bulk-2']);
    });

    guarantee(context, 'aggregates', async () => {
      await Mail().insertMany([1, 2, 3].map((n) => ({ _id: `agg-${n}`, company: n < 3 ? 'x' : 'y' })));
      const groups = await Mail().aggregate<{ _id: string; n: number }>([
        { $match: { _id: /^agg-/ } },
        { $group: { _id: '$company', n: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ]);
      expect(groups).toEqual([
        { _id: 'x', n: 2 },
        { _id: 'y', n: 1 },
      ]);
    });
  });
}
