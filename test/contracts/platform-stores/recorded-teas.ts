import { type CommandMetadata, defineEvents, type DomainEvent } from '@libs/eventsourcing';
import { startEmbeddedEventStore } from '@libs/embedded-eventstore';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventCodec, type PersonalCipher } from '../../../src/platform/event-store/event-codec.js';
import {
  connectEventStore,
  disconnectEventStore,
  type EventStoreConnection,
} from '../../../src/platform/event-store/event-store-connection.js';
import { EventStore } from '../../../src/platform/event-store/event-store.js';

export type Brewed = DomainEvent<'Brewed', { readonly tea: string; readonly cups: number }>;
export type Served = DomainEvent<'Served', { readonly userId: string; readonly name: string }>;
export type TeaEvent = Brewed | Served;

const catalogue = defineEvents<TeaEvent>()({ Brewed: { personal: [] }, Served: { personal: ['name'] } });

/** Marks what it seals, so that a test sees that it was sealed. */
const markingCipher: PersonalCipher = {
  seal: async (company, userId, text) => `${company}/${userId}:${Buffer.from(text).toString('base64')}`,
  open: async (_company, _userId, sealed) => Buffer.from(sealed.split(':')[1]!, 'base64').toString(),
};

export const brewed = (tea: string, cups = 1): Brewed => ({ type: 'Brewed', data: { tea, cups } });
export const served = (userId: string, name: string): Served => ({ type: 'Served', data: { userId, name } });
export const byTheSystem: CommandMetadata = {
  company: 'teahouse',
  actor: { kind: 'system', name: 'kettle' },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};

/** An embedded event store with the platform's adapter over it; any number of instances may connect. */
export class TeaRecord {
  private readonly connections: EventStoreConnection[] = [];
  private server: { readonly url: string; close(): Promise<void> };

  private constructor(
    readonly directory: string,
    server: { readonly url: string; close(): Promise<void> },
  ) {
    this.server = server;
  }

  static async open(directory?: string): Promise<TeaRecord> {
    const where = directory ?? (await mkdtemp(join(tmpdir(), 'hrbc-mail-events-')));
    return new TeaRecord(where, await startEmbeddedEventStore({ directory: where, log: () => undefined }));
  }

  /** What one instance of the service has. `spoil` may replace calls of the client, to play a bad network. */
  connect(spoil: (client: EventStoreConnection['client']) => void = () => undefined): EventStore {
    const connection = connectEventStore(this.server.url);
    this.connections.push(connection);
    spoil(connection.client);
    return new EventStore(connection, teaCodec());
  }

  /** The server goes away and comes back at the same address, as a restarted node does. */
  async restart(whileGone: () => Promise<void> = async () => undefined): Promise<void> {
    const port = Number(new URL(this.server.url.replace('esdb', 'http')).port);
    await this.server.close();
    await whileGone();
    this.server = await startEmbeddedEventStore({ directory: this.directory, port, log: () => undefined });
  }

  /** Ends the server; the files stay. */
  async stop(): Promise<void> {
    await Promise.all(this.connections.map(disconnectEventStore));
    await this.server.close();
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

export const teaCodec = (): EventCodec => new EventCodec(catalogue, ['tea'], markingCipher);
