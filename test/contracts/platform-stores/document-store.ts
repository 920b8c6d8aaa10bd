import { startEmbeddedMongo } from '@libs/embedded-mongo';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';

/**
 * A database of its own for one suite: in the server that MONGO_URL names, else in an embedded one. Connections
 * stand for instances of the service.
 */
export class DocumentStore {
  private readonly connections: Connection[] = [];

  private constructor(
    readonly url: string,
    readonly dbName: string,
    private readonly closeServer: () => Promise<void>,
  ) {}

  static async open(): Promise<DocumentStore> {
    const dbName = `hrbc_mail_test_${randomUUID().slice(0, 8)}`;
    const real = process.env['MONGO_URL'];
    if (real !== undefined) return new DocumentStore(real, dbName, () => Promise.resolve());
    const directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-documents-'));
    const server = await startEmbeddedMongo({ directory });
    return new DocumentStore(server.url, dbName, async () => {
      await server.close();
      await rm(directory, { recursive: true });
    });
  }

  /** Another instance's connection; closed with the store. */
  async connect(): Promise<Connection> {
    const options = { dbName: this.dbName, autoIndex: false, autoCreate: false, retryWrites: false };
    const connection = await mongoose.createConnection(this.url, options).asPromise();
    this.connections.push(connection);
    return connection;
  }

  async close(): Promise<void> {
    await this.connections[0]?.dropDatabase();
    await Promise.all(this.connections.map((connection) => connection.close()));
    await this.closeServer();
  }
}
