import mongoose from 'mongoose';
import type { Flavour } from './running-document-store.js';

/** A server that is not ours, to hold against the same guarantees. */
export interface OtherServer {
  readonly url: string;
  readonly name: string;
  readonly flavour: Flavour;
}

/** The server that MONGO_URL names; undefined when it names none. */
export async function otherServer(): Promise<OtherServer | undefined> {
  const url = process.env['MONGO_URL'];
  if (url === undefined) return undefined;
  const client = await new mongoose.mongo.MongoClient(url).connect();
  try {
    const info = await client.db('admin').command({ buildInfo: 1 });
    const isFerret = 'ferretdbVersion' in info;
    const { host } = new URL(url);
    return {
      url,
      name: `the ${isFerret ? 'FerretDB' : 'MongoDB'} at ${host}`,
      flavour: isFerret ? 'ferretdb' : 'mongodb',
    };
  } finally {
    await client.close();
  }
}
