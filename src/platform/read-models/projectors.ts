import { type DomainEvent, type Position, type Positioned, type Projection } from '@libs/eventsourcing';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, type Model, type Schema } from 'mongoose';
import { EffectVisibility } from '../event-store/decider-runner.js';
import { type Delivered, EventStore } from '../event-store/event-store.js';
import { CatchUp, type CatchUpStatus, type CatchUpWork } from './catch-up.js';
import { Metrics, NotYetReady, ReadinessChecks } from '../observability/index.js';
import { Checkpoints } from './checkpoints.js';
import { ReadModel } from './read-model.js';
import { ReadModelGenerations } from './read-model-generations.js';
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
  private readonly reactions: CatchUp[] = [];
  readonly readModels: ReadModel[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly checkpoints: Checkpoints,
    @InjectConnection() private readonly connection: Connection,
    private readonly readiness: ReadinessChecks,
    private readonly generations: ReadModelGenerations,
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
    schema.add({ _id: String, position: String });
    const { connection, generations } = this;
    const readModel = new ReadModel({
      name: `${projection.name}_v${projection.version}`,
      categories: projection.categories,
      schema,
      connection,
      generations,
      workInto: ({ collection }) => new ReadModelWriter({ projection, collection: collection, factsFor }),
      ...this.parts,
    });
    this.readModels.push(readModel);
    this.requireLive(readModel);
    return readModel.model as unknown as Model<Document & Positioned>;
  }

  /** Adds work that follows events and bears repetition: what has to happen because something was decided. */
  follow(work: CatchUpWork): void {
    const loop = new CatchUp(work, this.parts);
    this.reactions.push(loop);
    this.requireLive({
      name: work.name,
      get status() {
        return loop.status;
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.readModels.map(async (readModel) => readModel.prepare()));
    for (const each of [...this.readModels, ...this.reactions]) each.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.readModels, ...this.reactions].map(async (each) => each.stop()));
  }

  override async whenVisible(category: string, position: Position): Promise<void> {
    const concerned = this.loops.filter(({ work }) => work.categories.includes(category));
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    await Promise.all(concerned.map(async (loop) => loop.reached(position, patience.signal)));
    clearTimeout(timer);
    if (patience.signal.aborted) throw rejectReading('effect_not_visible');
  }

  private get loops(): readonly CatchUp[] {
    return [...this.readModels.flatMap((readModel) => readModel.loops), ...this.reactions];
  }

  private get parts() {
    return { store: this.store, checkpoints: this.checkpoints, report: this.report };
  }

  private requireLive(follower: { readonly name: string; readonly status: CatchUpStatus }): void {
    this.readiness.register(follower.name, async () => {
      if (follower.status === 'catching_up') throw new NotYetReady(`${follower.name} is catching up.`);
      if (follower.status !== 'live') throw new Error(`${follower.name} is ${follower.status}.`);
    });
  }

  /** How every loop is, by name. */
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
