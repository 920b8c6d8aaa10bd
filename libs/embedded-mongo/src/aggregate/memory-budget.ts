import { MongoFault } from '../mongo-fault.js';
import { MEMORY_LIMIT } from '../query/memory-sort.js';

/** Counts the bytes a stage holds on to; MongoDB allows a stage 100 megabytes (manual, "Aggregation Pipeline Limits"). */
export class MemoryBudget {
  private used = 0;
  constructor(private readonly stage: string) {}

  /** @throws MongoFault 292 */
  take(bytes: number): void {
    this.used += bytes;
    if (this.used > MEMORY_LIMIT) {
      throw new MongoFault(
        292,
        `Exceeded memory limit for ${this.stage}, and the embedded server does not use disk for it.`,
      );
    }
  }
}
