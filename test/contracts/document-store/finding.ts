import type { Collection, Document } from './running-document-store.js';

/** The `_id`s of the documents that match, in ascending order: what is found, apart from its order. */
export async function found(collection: Collection, filter: Document): Promise<unknown[]> {
  const documents = await collection.find(filter).toArray();
  return documents.map(({ _id }) => _id as unknown).sort();
}

/** The `_id`s in the order in which a sort gives them. */
export async function sorted(collection: Collection, sort: Document, filter: Document = {}): Promise<unknown[]> {
  const documents = await collection.find(filter).sort(sort).toArray();
  return documents.map(({ _id }) => _id as unknown);
}

/** A document without its `_id`. */
export async function contentOf(collection: Collection, filter: Document = {}): Promise<Document | null> {
  return collection.findOne(filter, { projection: { _id: 0 } });
}
