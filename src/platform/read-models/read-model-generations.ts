import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';

interface GenerationDocument {
  readonly _id: string;
  /** The one that is served. */
  readonly generation: number;
  readonly switchedAt: Date;
  /** Generations that nobody should be reading any more, and since when. */
  readonly retired?: readonly RetiredGeneration[];
}
export interface RetiredGeneration {
  readonly generation: number;
  readonly at: Date;
}

/** Which generation of each read model is served: a rebuild makes the next one beside it and then says so here. */
@Injectable()
export class ReadModelGenerations {
  private readonly collection: Collection<GenerationDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.collection = connection.collection<GenerationDocument>('read_model_generations');
  }

  /** Makes a read model known that is not yet, at its first generation; answers the one that is served. */
  async introduce(name: string): Promise<number> {
    await this.collection.updateOne(
      { _id: name },
      { $setOnInsert: { generation: 1, switchedAt: new Date() } },
      { upsert: true },
    );
    return this.served(name);
  }

  async served(name: string): Promise<number> {
    return (await this.collection.findOne({ _id: name }))?.generation ?? 1;
  }

  /** From now on `generation` is served, and its predecessor is on its way out. False: somebody else was first. */
  async switchTo(name: string, generation: number): Promise<boolean> {
    const present = await this.collection.findOne({ _id: name, generation: generation - 1 });
    if (!present) return false;
    const retired = [...(present.retired ?? []), { generation: generation - 1, at: new Date() }];
    const { matchedCount } = await this.collection.updateOne(
      { _id: name, generation: generation - 1 },
      { $set: { generation, switchedAt: new Date(), retired } },
    );
    return matchedCount === 1;
  }

  async retired(name: string): Promise<readonly RetiredGeneration[]> {
    return (await this.collection.findOne({ _id: name }))?.retired ?? [];
  }

  async forget(name: string, generation: number): Promise<void> {
    const present = await this.collection.findOne({ _id: name });
    const retired = present?.retired?.filter((each) => each.generation !== generation) ?? [];
    await this.collection.updateOne({ _id: name }, { $set: { retired } });
  }
}
