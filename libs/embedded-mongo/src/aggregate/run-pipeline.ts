import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { fromJs } from '../bson/from-js.js';
import { allOf, type Filter } from '../query/filter.js';
import { countDocuments, findDocuments, type Search } from '../query/find-documents.js';
import type { Collection } from '../store/collection.js';
import type { Counting, DocumentStream, PipelineContext, Stage } from './stage.js';

/** Leading stages turned into a search, which an index may answer, and the stages that remain. */
interface Split {
  readonly search: Search;
  readonly rest: readonly Stage[];
}

/** The stages of a pipeline in order, to take from the front while they fit. */
class Front {
  private at = 0;
  constructor(private readonly stages: readonly Stage[]) {}

  /** What `read` finds in the next stage, which is then used up; undefined when it finds nothing. */
  take<Found>(read: (stage: Stage) => Found | undefined): Found | undefined {
    const stage = this.stages[this.at];
    const found = stage && read(stage);
    if (found !== undefined) this.at++;
    return found;
  }

  get rest(): readonly Stage[] {
    return this.stages.slice(this.at);
  }
}

/** Takes `$match…`, then `$sort`, then `$skip` and `$limit` from the front of a pipeline. */
function split(stages: readonly Stage[], { budget }: PipelineContext, hint: Cell | undefined): Split {
  const front = new Front(stages);
  const parts: Filter[] = [];
  for (let part = front.take(({ filter }) => filter); part !== undefined; part = front.take(({ filter }) => filter)) {
    parts.push(part);
  }
  const sort = front.take((stage) => stage.sort) ?? [];
  const skip = front.take((stage) => stage.skip) ?? 0;
  const limit = front.take((stage) => stage.limit) ?? Infinity;
  return { search: { filter: allOf(parts), sort, skip, limit, hint, budget }, rest: front.rest };
}

function counted(collection: Collection, search: Search, { id, field }: Counting): DocumentStream {
  let done = false;
  return {
    pause: () => undefined,
    next: () => {
      if (done) return undefined;
      done = true;
      const count = countDocuments(collection, search);
      return count === 0
        ? undefined
        : documentOf([
            ['_id', id],
            [field, fromJs(count)],
          ]);
    },
  };
}

/** Runs a pipeline over a collection. Nothing is read before the first `next`. */
export function runPipeline(
  collection: Collection,
  stages: readonly Stage[],
  context: PipelineContext,
  hint: Cell | undefined,
): DocumentStream {
  const { search, rest } = split(stages, context, hint);
  const [first, ...others] = rest;
  if (first?.counting !== undefined) {
    const stream = counted(collection, search, first.counting);
    return others.reduce((input, stage) => stage.apply(input, context), stream);
  }
  const found = findDocuments(collection, search);
  const documents: DocumentStream = { next: () => found.next()?.document, pause: () => found.pause() };
  return rest.reduce((input, stage) => stage.apply(input, context), documents);
}
