import { type Position } from '@libs/eventsourcing';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { type Seal } from './seal.js';

type SealDocument = Seal & { readonly _id: string };
interface ProgressDocument {
  readonly _id: string;
  readonly position: Position;
}

const PROGRESS = 'all';
const DUPLICATE_KEY = 11_000;

/**
 * The seals. They lie in MongoDB and not beside the events, so that whoever tampers with the one store has the other
 * against him; no rebuild touches them.
 */
@Injectable()
export class SealStore implements OnModuleInit {
  private readonly seals: Collection<SealDocument>;
  private readonly progress: Collection<ProgressDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.seals = connection.collection<SealDocument>('audit_seals');
    this.progress = connection.collection<ProgressDocument>('audit_sealing');
  }

  async onModuleInit(): Promise<void> {
    await this.seals.createIndex({ company: 1, number: 1 });
    await this.seals.createIndex({ upTo: 1, company: 1, number: 1 });
  }

  /** The company's newest seal; null: there is none yet. */
  async last(company: string): Promise<Seal | null> {
    const found = await this.seals.findOne({ company }, { sort: { number: -1 } });
    return found && withoutId(found);
  }

  /** False: another instance has set a seal of this number. */
  async add(seal: Seal): Promise<boolean> {
    try {
      await this.seals.insertOne({ _id: `${seal.company}|${seal.number}`, ...seal });
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return false;
      throw error;
    }
  }

  /**
   * The seals that there are now, of one company or of all (null), in the order of the positions up to which they
   * speak. Seals that are set while these are read are left out: they may speak of events that the reader of the
   * events, who began with us, does not get to see. Call it before the reading of events begins.
   */
  async inOrder(company: string | null): Promise<AsyncGenerator<Seal>> {
    const whose = company === null ? {} : { company };
    const newest = await this.seals.findOne(whose, { sort: { upTo: -1 }, projection: { upTo: 1 } });
    const found = this.seals.find({ ...whose, upTo: { $lte: newest?.upTo ?? '' } });
    return (async function* () {
      for await (const document of found.sort({ upTo: 1, company: 1, number: 1 })) yield withoutId(document);
    })();
  }

  async count(company: string): Promise<number> {
    return this.seals.countDocuments({ company });
  }

  /** Up to where the record is sealed; null: nothing is. */
  async sealedUpTo(): Promise<Position | null> {
    return (await this.progress.findOne({ _id: PROGRESS }))?.position ?? null;
  }

  async advance(position: Position): Promise<void> {
    await this.progress.updateOne({ _id: PROGRESS }, { $max: { position } }, { upsert: true });
  }
}

function withoutId({ _id, ...seal }: SealDocument): Seal {
  return seal;
}
