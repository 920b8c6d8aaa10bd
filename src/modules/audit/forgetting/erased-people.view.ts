import { type Positioned } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Model, Schema } from 'mongoose';
import { Projectors } from '../../../platform/read-models/index.js';
import { type ErasedPersonDocument, erasedPeopleProjection } from './erased-people.projection.js';
import { personStream } from './person.events.js';

const schema = new Schema(
  {
    company: { type: String, required: true },
    userId: String,
    decidedAt: String,
    decidedBy: String,
    reason: String,
    erasedAt: String,
  },
  { versionKey: false },
);

/** The people who are forgotten, under their pseudonyms. */
@Injectable()
export class ErasedPeopleView {
  private readonly model: Model<ErasedPersonDocument & Positioned>;

  constructor(projectors: Projectors) {
    this.model = projectors.add({ projection: erasedPeopleProjection, schema });
  }

  /** null: nobody decided to forget this person. */
  async find(company: string, userId: string): Promise<ErasedPersonDocument | null> {
    const found = await this.model.findById(personStream(company, userId)).lean();
    return found;
  }

  /** Of all companies; RFC 3339, UTC. */
  async *decidedSince(instant: string): AsyncGenerator<Pick<ErasedPersonDocument, 'company' | 'userId'>> {
    const found = this.model.find({ decidedAt: { $gte: instant } }, { company: 1, userId: 1 });
    for await (const { company, userId } of found.lean().cursor()) yield { company, userId };
  }
}
