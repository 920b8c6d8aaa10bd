import type { Cell } from '../bson/cell.js';
import { arrayOf } from '../bson/bson-writer.js';
import { MongoFault } from '../mongo-fault.js';
import { UNLIMITED } from '../plan/time-budget.js';
import { parsePipeline } from './parse-pipeline.js';

const ALLOWED = new Set(['$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith']);

/**
 * Parses an update written as a pipeline (manual, "Updates with Aggregation Pipeline").
 * @throws MongoFault 72 for stages that may not change documents
 */
export function parseUpdatePipeline(stages: readonly Cell[]): (document: Cell) => Cell {
  const parsed = parsePipeline(arrayOf(stages));
  for (const { name } of parsed) {
    if (!ALLOWED.has(name)) throw new MongoFault(72, `${name} is not allowed to be used within an update`);
  }
  const context = { budget: UNLIMITED, collection: () => undefined };
  return (document) => {
    let pending: Cell | undefined = document;
    const source = {
      pause: () => undefined,
      next: () => {
        const next = pending;
        pending = undefined;
        return next;
      },
    };
    const result = parsed
      .reduce((stream, stage) => stage.apply(stream, context), source as ReturnType<(typeof parsed)[number]['apply']>)
      .next();
    if (result === undefined) throw new Error('an update pipeline gave no document');
    return result;
  };
}
