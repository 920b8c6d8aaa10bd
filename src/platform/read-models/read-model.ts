import { type Connection, type Model, type Schema } from 'mongoose';
import { CatchUp, type CatchUpParts, type CatchUpStatus, type CatchUpWork } from './catch-up.js';
import { type ReadModelGenerations } from './read-model-generations.js';

/** One set of documents, and the loop that keeps it up to date. */
export interface Generation {
  readonly number: number;
  readonly model: Model<unknown>;
  readonly loop: CatchUp;
}

export interface ReadModelSetup extends CatchUpParts {
  /** Of the first generation: the projection's name and version. */
  readonly name: string;
  readonly categories: readonly string[];
  readonly schema: Schema;
  readonly connection: Connection;
  readonly generations: ReadModelGenerations;
  /** The work of filling this model's collection. */
  readonly workInto: (model: Model<unknown>) => Pick<CatchUpWork, 'handle'>;
}

/**
 * A read model while the service runs. A rebuild fills another generation beside the one that is served; every
 * instance follows the switch by itself, at the moment at which the new one has seen all that its own old one has.
 */
export class ReadModel {
  private serving: Generation;
  private next: Generation | null = null;
  private started = false;

  constructor(private readonly setup: ReadModelSetup) {
    this.serving = this.generation(1);
  }

  get name(): string {
    return this.setup.name;
  }

  get categories(): readonly string[] {
    return this.setup.categories;
  }

  get status(): CatchUpStatus {
    return this.serving.loop.status;
  }

  get served(): Generation {
    return this.serving;
  }

  /** Every loop that is at work: what has to be waited for before an effect can be read. */
  get loops(): readonly CatchUp[] {
    return this.next ? [this.serving.loop, this.next.loop] : [this.serving.loop];
  }

  /** What views hold: whichever generation is served when they ask. */
  get model(): Model<unknown> {
    const served = () => this.serving.model;
    return new Proxy(served(), {
      get: (_first, key) => {
        const model = served();
        const member: unknown = Reflect.get(model, key, model);
        return typeof member === 'function' ? (member.bind(model) as unknown) : member;
      },
    });
  }

  /** Finds out which generation is served, and sees to its indexes. */
  async prepare(): Promise<void> {
    const number = await this.setup.generations.introduce(this.name);
    if (number !== this.serving.number) this.serving = this.generation(number);
    await this.serving.model.createIndexes();
  }

  start(): void {
    this.started = true;
    this.serving.loop.start();
  }

  async stop(): Promise<void> {
    this.started = false;
    await Promise.all(this.loops.map(async (loop) => loop.stop()));
  }

  /** Begins to fill the next generation beside the served one, or goes on with it; answers it. */
  async buildNext(): Promise<Generation> {
    if (this.next) return this.next;
    const next = this.generation(this.serving.number + 1);
    await next.model.createIndexes();
    return this.begin(next);
  }

  /** Gives up on the next generation. */
  async abandonNext(): Promise<void> {
    const abandoned = this.next;
    this.next = null;
    await abandoned?.loop.stop();
  }

  /**
   * Follows a switch that any instance has made. A generation that this one does not fill yet is taken up first; it
   * is served from the moment on at which it has seen what the old one has.
   */
  async followSwitch(): Promise<void> {
    const number = await this.setup.generations.served(this.name);
    if (number <= this.serving.number || !this.started) return;
    if (this.next && this.next.number !== number) await this.abandonNext();
    const next = this.next ?? this.begin(this.generation(number));
    if (next.loop.status !== 'live' || !hasSeenAll(next.loop, this.serving.loop)) return;
    const old = this.serving;
    this.serving = next;
    this.next = null;
    await old.loop.stop();
  }

  /** The name of a generation's collection, and of its checkpoint. */
  collectionOf(number: number): string {
    return number === 1 ? this.name : `${this.name}_g${number}`;
  }

  private begin(next: Generation): Generation {
    this.next = next;
    next.loop.start();
    return next;
  }

  private generation(number: number): Generation {
    const { connection, schema, workInto, categories, store, checkpoints, report } = this.setup;
    const name = this.collectionOf(number);
    const model = (connection.models[name] ?? connection.model(name, schema.clone(), name)) as Model<unknown>;
    const work: CatchUpWork = { name, categories, handle: async (events) => workInto(model).handle(events) };
    return { number, model, loop: new CatchUp(work, { store, checkpoints, report }) };
  }
}

function hasSeenAll(loop: CatchUp, other: CatchUp): boolean {
  return other.position === null || (loop.position !== null && loop.position >= other.position);
}
