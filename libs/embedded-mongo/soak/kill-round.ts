import mongoose from 'mongoose';
import type { EmbeddedProcess } from './embedded-process.js';

const WRITERS = 8;
const BATCH = 20;

/** One batch of mails, as an import stores it: all of a command or none. */
interface Mail {
  readonly _id: string;
  readonly writer: number;
  readonly batch: number;
  readonly subject: string;
}
interface Counter {
  readonly _id: string;
  n: number;
}

/** What a round found out after the kill. */
export interface KillRound {
  /** Confirmed batches. */
  readonly confirmed: number;
  /** Confirmed batches of which a mail is missing. */
  readonly lost: number;
  /** Batches of which only some mails are there. */
  readonly torn: number;
  /** Counters that are lower than what was confirmed, or higher than what was asked for. */
  readonly miscounted: number;
  /** Whether the indexes and the documents tell the same. */
  readonly consistent: boolean;
}

interface Writer {
  readonly number: number;
  asked: number;
  confirmed: number;
}

const connect = (url: string): Promise<mongoose.mongo.MongoClient> =>
  new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: 2000, maxPoolSize: WRITERS }).connect();

function mails(round: string, writer: number, batch: number): Mail[] {
  return Array.from({ length: BATCH }, (_, index) => ({
    _id: `${round}-${String(writer)}-${String(batch)}-${String(index)}`,
    writer,
    batch,
    subject: `mail ${String(index)}`,
  }));
}

/** Writes batch after batch and raises a counter after each, until the server is gone. */
async function write(db: mongoose.mongo.Db, round: string, writer: Writer, confirmed: () => void): Promise<void> {
  const [messages, counters] = [db.collection<Mail>(`mails-${round}`), db.collection<Counter>('counters')];
  try {
    for (;;) {
      writer.asked++;
      await messages.insertMany(mails(round, writer.number, writer.asked));
      const _id = `${round}-${String(writer.number)}`;
      await counters.updateOne({ _id }, { $inc: { n: 1 } }, { upsert: true });
      writer.confirmed++;
      confirmed();
    }
  } catch (error) {
    // Every error means the same here: the server has been killed, and this batch is not confirmed
    if (!(error instanceof mongoose.mongo.MongoError)) throw error;
  }
}

async function inspect(
  db: mongoose.mongo.Db,
  round: string,
  writers: readonly Writer[],
): Promise<Omit<KillRound, 'confirmed'>> {
  const [messages, counters] = [db.collection<Mail>(`mails-${round}`), db.collection<Counter>('counters')];
  let [lost, torn, miscounted] = [0, 0, 0];
  for (const { number, asked, confirmed } of writers) {
    for (let batch = 1; batch <= asked; batch++) {
      const found = await messages.countDocuments({ writer: number, batch });
      if (found < BATCH && batch <= confirmed) lost++;
      if (found > 0 && found < BATCH) torn++;
    }
    const counter = await counters.findOne({ _id: `${round}-${String(number)}` });
    const n = counter?.n ?? 0;
    if (n < confirmed || n > asked) miscounted++;
  }
  const byIndex = await messages.countDocuments({ writer: { $gte: 0 } });
  const byTable = (
    await messages
      .find({}, { projection: { _id: 1 } })
      .hint({ $natural: 1 })
      .toArray()
  ).length;
  return { lost, torn, miscounted, consistent: byIndex === byTable };
}

/**
 * Starts the store, lets eight writers store batches, kills it in the middle after a number of confirmed batches, starts
 * it again, and looks at what is there.
 */
export async function killRound(start: () => Promise<EmbeddedProcess>, confirmations: number): Promise<KillRound> {
  const round = `${String(Date.now())}-${String(confirmations)}`;
  const writers = Array.from({ length: WRITERS }, (_, number): Writer => ({ number, asked: 0, confirmed: 0 }));
  const victim = await start();
  const client = await connect(victim.url);
  await client.db('soak').collection(`mails-${round}`).createIndex({ writer: 1, batch: 1 });
  const enough = Promise.withResolvers<void>();
  let confirmed = 0;
  const onConfirmed = (): void => {
    if (++confirmed === confirmations) enough.resolve();
  };
  const writing = writers.map((writer) => write(client.db('soak'), round, writer, onConfirmed));
  await enough.promise;
  await victim.kill();
  await Promise.all(writing);
  await client.close();

  const survivor = await start();
  const reader = await connect(survivor.url);
  try {
    return { confirmed, ...(await inspect(reader.db('soak'), round, writers)) };
  } finally {
    await reader.db('soak').dropCollection(`mails-${round}`);
    await reader.close();
    await survivor.kill();
  }
}
