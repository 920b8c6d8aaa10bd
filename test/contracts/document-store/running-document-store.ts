import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { it } from 'vitest';

export type MongoClient = mongoose.mongo.MongoClient;
export type Db = mongoose.mongo.Db;
export type Document = mongoose.mongo.Document;

/** What may be an `_id` in these tests. */
export type Key = number | string | Date | mongoose.mongo.ObjectId | Document;
export interface Item extends Document {
  _id?: Key;
}
export type Collection = mongoose.mongo.Collection<Item>;

/** Whose server is under test; known deviations are told by it. */
export type Flavour = 'embedded' | 'mongodb' | 'ferretdb';

/** A server under test. */
export interface RunningDocumentStore {
  readonly url: string;
  stop(): Promise<void>;
}

export type StartDocumentStore = () => Promise<RunningDocumentStore>;

/** What a guarantee needs: the server, a client, and collections of its own, so that no test meets another's documents. */
export class DocumentStoreContext {
  readonly #dbName = `contract_${randomUUID().slice(0, 8)}`;
  #running: RunningDocumentStore | undefined;
  #client: MongoClient | undefined;

  constructor(readonly flavour: Flavour) {}

  async start(start: StartDocumentStore): Promise<void> {
    this.#running = await start();
    this.#client = await new mongoose.mongo.MongoClient(this.#running.url).connect();
  }

  async stop(): Promise<void> {
    await this.#client?.db(this.#dbName).dropDatabase();
    await this.#client?.close();
    await this.#running?.stop();
  }

  get url(): string {
    if (this.#running === undefined) throw new Error('The server under test has not been started');
    return this.#running.url;
  }

  get client(): MongoClient {
    if (this.#client === undefined) throw new Error('The server under test has not been started');
    return this.#client;
  }

  get db(): Db {
    return this.client.db(this.#dbName);
  }

  /** A collection nobody else uses. */
  collection(purpose: string): Collection {
    return this.db.collection(`${purpose}_${randomUUID().slice(0, 8)}`);
  }

  /** The same, with documents in it. */
  async filled(purpose: string, documents: readonly Item[]): Promise<Collection> {
    const collection = this.collection(purpose);
    await collection.insertMany([...documents]);
    return collection;
  }
}

/** In what a server is known to differ from MongoDB's documented behaviour: the reason, shown with the skipped test. */
export type Deviations = Partial<Record<Flavour, string>>;

export const NO_NESTED_ARRAYS: Deviations = { ferretdb: 'stores no arrays in arrays' };

/** A test of a guarantee; skipped, with the reason in its name, on a server that is known not to keep it. */
export function guarantee(
  context: DocumentStoreContext,
  name: string,
  run: () => Promise<void>,
  deviations: Deviations = {},
): void {
  const reason = deviations[context.flavour];
  if (reason === undefined) it(name, run);
  else it.skip(`${name} (skipped: ${context.flavour} ${reason})`, run);
}
