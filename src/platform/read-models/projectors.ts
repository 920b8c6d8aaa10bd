import { type DomainEvent, type Position, type Positioned, type Projection } from '@libs/eventsourcing';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, type Model, type Schema } from 'mongoose';
import { EffectVisibility } from '../event-store/decider-runner.js';
import { type Delivered, EventStore } from '../event-store/event-store.js';
import { CatchUp, type CatchUpStatus, type CatchUpWork } from './catch-up.js';
import { Metrics, ReadinessChecks } from '../observability/index.js';
import { Checkpoints } from './checkpoints.js';
import { ReadModelWriter } from './read-model-writer.js';
import { rejectReading } from './read-models.errors.js';

/** How long a command waits for its effect before it says that it was done but cannot be seen yet. */
const PATIENCE_MS = 15_000;

export interface ReadModelDefinition<Document extends object, Event extends DomainEvent, Facts> {
  readonly projection: Projection<Document, Event, Facts>;
  readonly schema: Schema;
  readonly factsFor?: (event: Delivered) => Promise<Facts>;
}

/** Runs every read model and every reaction of the service, each in a loop of its own. */
@Injectable()
export class Projectors extends EffectVisibility implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Projectors.name);
  private readonly loops: CatchUp[] = [];
  private readonly models: { init(): Promise<unknown> }[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly checkpoints: Checkpoints,
    @InjectConnection() private readonly connection: Connection,
    private readonly readiness: ReadinessChecks,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge({
      name: 'hrbc_mail_projection_live',
      help: '1 while the read model or reaction follows the events as they come, 0 while it catches up or has stopped',
      labelNames: ['loop'],
      collect: (gauge) => {
        for (const { work, status } of this.loops) gauge.set({ loop: work.name }, status === 'live' ? 1 : 0);
      },
    });
    this.readiness.register('event-store', async () => this.store.ping());
    this.readiness.register('documents', async () => {
      await this.connection.db?.command({ ping: 1 });
    });
  }

  /** Adds a read model and answers the mongoose model by which its view asks it. Before the application starts. */
  add<Document extends object, Event extends DomainEvent, Facts = void>(
    definition: ReadModelDefinition<Document, Event, Facts>,
  ): Model<Document & Positioned> {
    const { projection, schema, factsFor = async () => undefined as Facts } = definition;
    const name = `${projection.name}_v${projection.version}`;
    schema.add({ _id: String, position: String });
    const model = this.connection.model(name, schema, name);
    this.models.push(model);
    this.follow(new ReadModelWriter({ projection, collection: model.collection, factsFor }));
    return model as unknown as Model<Document & Positioned>;
  }

  /** Adds work that follows events and bears repetition: what has to happen because something was decided. */
  follow(work: CatchUpWork): void {
    const loop = new CatchUp(work, { store: this.store, checkpoints: this.checkpoints, report: this.report });
    this.loops.push(loop);
    this.readiness.register(work.name, async () => {
      if (loop.status !== 'live') throw new Error(`${work.name} is ${loop.status}.`);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.models.map(async (model) => model.init()));
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map(async (loop) => loop.stop()));
  }

  override async whenVisible(category: string, position: Position): Promise<void> {
    const concerned = this.loops.filter(({ work }) => work.categories.includes(category));
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(rejectReading('effect_not_visible')), PATIENCE_MS);
    });
    try {
      await Promise.race([Promise.all(concerned.map(async (loop) => loop.reached(position))), impatience]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** How every loop is, by name; for readiness and metrics. */
  status(): ReadonlyMap<string, { readonly status: CatchUpStatus; readonly position: Position | null }> {
    return new Map(this.loops.map(({ work, status, position }) => [work.name, { status, position }]));
  }

  private readonly report = (event: 'failed' | 'broken', name: string, error: unknown): void => {
    const text =
      event === 'broken'
        ? `${name} has stopped: an event cannot be processed, and nothing may be skipped.`
        : `${name} could not go on and tries again.`;
    this.logger.error({ loop: name, error }, text);
  };
}
