import mongoose from 'mongoose';
import type { Operation } from './operations.js';
import type { Collection, Document } from './running-document-store.js';

/** What an operation gave: documents, counts, or the code of its refusal. */
export type Outcome = { readonly refused: unknown } | { readonly result: unknown };

async function run(collection: Collection, operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case 'insert':
      return (await collection.insertOne(operation.document)).insertedId;
    case 'update': {
      const { upsert, id, update } = operation;
      const { matchedCount, modifiedCount, upsertedId } = await collection.updateOne({ _id: id }, update, { upsert });
      return { matchedCount, modifiedCount, upsertedId };
    }
    case 'updateMany': {
      const { matchedCount, modifiedCount } = await collection.updateMany(operation.filter, operation.update);
      return { matchedCount, modifiedCount };
    }
    case 'replace': {
      const { matchedCount, modifiedCount } = await collection.replaceOne({ _id: operation.id }, operation.document);
      return { matchedCount, modifiedCount };
    }
    case 'deleteMany':
      return (await collection.deleteMany(operation.filter)).deletedCount;
    case 'find': {
      const { filter, sort, skip, limit } = operation;
      return collection.find(filter).sort(sort).skip(skip).limit(limit).toArray();
    }
    case 'count':
      return collection.countDocuments(operation.filter);
  }
}

/** Performs an operation against a server. */
export async function perform(collection: Collection, operation: Operation): Promise<Outcome> {
  try {
    return { result: await run(collection, operation) };
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError) return { refused: error.code };
    throw error;
  }
}

/** Everything in the collection, in the order of its ids. */
export const contents = (collection: Collection): Promise<Document[]> => collection.find().sort({ _id: 1 }).toArray();
