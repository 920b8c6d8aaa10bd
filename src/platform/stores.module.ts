import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { type EventCatalogue } from '@libs/eventsourcing';
import { Claims } from './claims/index.js';
import { documentDatabaseOf } from './document-database.js';
import { DeciderRunner, EffectVisibility } from './event-store/decider-runner.js';
import { EventCodec } from './event-store/event-codec.js';
import {
  connectEventStore,
  disconnectEventStore,
  type EventStoreConnection,
} from './event-store/event-store-connection.js';
import { EventStore } from './event-store/event-store.js';
import { Checkpoints } from './read-models/checkpoints.js';
import { Projectors } from './read-models/projectors.js';
import { ReadModelGenerations } from './read-models/read-model-generations.js';
import { RebuildRequests } from './read-models/rebuild-requests.js';
import { Rebuilding } from './read-models/rebuilding.js';
import { RateLimits } from './rate-limits/index.js';
import { PersonalKeys } from './security/index.js';

const CONNECTION = Symbol('EventStoreConnection');

export interface StoresOptions {
  /** `esdb://…` */
  readonly eventStoreUrl: string;
  /** `mongodb://…` */
  readonly mongoUrl: string;
  /** Every event type of the product, from all modules. */
  readonly events: EventCatalogue;
  /** Every stream category of the product. */
  readonly categories: readonly string[];
}

/** The two stores, what runs commands against them, and what keeps the read models up to date. */
@Global()
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(@Inject(CONNECTION) private readonly connection: EventStoreConnection) {}

  static forRoot({ eventStoreUrl, mongoUrl, events, categories }: StoresOptions): DynamicModule {
    return {
      module: StoresModule,
      imports: [
        MongooseModule.forRoot(mongoUrl, {
          dbName: documentDatabaseOf(mongoUrl),
          autoIndex: false,
          autoCreate: false,
          serverSelectionTimeoutMS: 10_000,
          retryWrites: false,
        }),
      ],
      providers: [
        { provide: CONNECTION, useFactory: () => connectEventStore(eventStoreUrl) },
        {
          provide: EventCodec,
          inject: [PersonalKeys],
          useFactory: (keys: PersonalKeys) => new EventCodec(events, categories, keys),
        },
        {
          provide: EventStore,
          inject: [CONNECTION, EventCodec],
          useFactory: (connection: EventStoreConnection, codec: EventCodec) => new EventStore(connection, codec),
        },
        Checkpoints,
        ReadModelGenerations,
        RebuildRequests,
        Rebuilding,
        Claims,
        RateLimits,
        Projectors,
        { provide: EffectVisibility, useExisting: Projectors },
        DeciderRunner,
      ],
      exports: [
        MongooseModule,
        EventCodec,
        EventStore,
        Claims,
        RateLimits,
        Projectors,
        Rebuilding,
        RebuildRequests,
        DeciderRunner,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await disconnectEventStore(this.connection);
  }
}
