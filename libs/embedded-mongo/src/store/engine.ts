import { Catalog } from './catalog.js';
import { DamagedStoreError } from './damaged-store.error.js';
import { DatabaseFile, type Durability } from './database-file.js';

/** The open data file with its catalogue. All calls are synchronous: one command is one undivided step. */
export class Engine {
  readonly file: DatabaseFile;
  readonly catalog: Catalog;

  /** @throws DamagedStoreError */
  constructor(directory: string, durability: Durability) {
    this.file = new DatabaseFile(directory, durability);
    try {
      this.catalog = new Catalog(this.file);
      for (const collection of this.catalog.all()) collection.probe();
    } catch (error) {
      this.file.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new DamagedStoreError(this.file.path, reason, { cause: error });
    }
  }

  /**
   * Runs a write in one transaction; what it did is stored when this returns.
   * @param flush waits for the disk, whatever the durability
   */
  write<Result>(work: () => Result, flush = false): Result {
    try {
      return this.file.transaction(work, flush);
    } catch (error) {
      // What was noted in memory about the change that did not happen is read anew
      this.catalog.load();
      throw error;
    }
  }

  close(): void {
    this.file.close();
  }
}
