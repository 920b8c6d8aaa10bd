import { BsonType } from '../bson/bson-type.js';
import { arrayOf, documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, itemsOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { MongoFault } from '../mongo-fault.js';
import { parseGroup } from './group-stage.js';
import { parseLookup } from './lookup-stage.js';
import { MemoryBudget } from './memory-budget.js';
import {
  parseAddFields,
  parseCount,
  parseLimit,
  parseMatch,
  parseProject,
  parseReplaceRoot,
  parseReplaceWith,
  parseSkip,
  parseSortStage,
  parseUnset,
} from './simple-stages.js';
import { collectStream, drain, type DocumentStream, type Stage } from './stage.js';
import { parseUnwind } from './unwind-stage.js';

/** A stage as written: its name, its argument, and what follows it. */
interface StageSource {
  readonly name: string;
  readonly argument: Cell;
}

const streamOf = (documents: readonly Cell[]): DocumentStream => {
  let position = 0;
  return { next: () => documents[position++], pause: () => undefined };
};

/** Runs several pipelines over the same documents, which must fit the memory of a stage. */
function parseFacet(argument: Cell): Stage {
  if (argument.type !== BsonType.object)
    throw new MongoFault(40169, 'the $facet specification must be a non-empty object');
  const facets = entriesOf(argument).map(([name, pipeline]) => [name, parsePipeline(pipeline)] as const);
  return {
    name: '$facet',
    apply: (source, context) =>
      collectStream(source, () => {
        const budget = new MemoryBudget('$facet');
        const documents: Cell[] = [];
        drain(source, (document) => {
          budget.take(document.end - document.start);
          documents.push(document);
        });
        const results = facets.map(([name, stages]) => {
          const found: Cell[] = [];
          const stream = stages.reduce((input, stage) => stage.apply(input, context), streamOf(documents));
          drain(stream, (document) => found.push(document));
          return [name, arrayOf(found)] as const;
        });
        return [documentOf(results)];
      }),
  };
}

/** `$sortByCount` is `$group` and `$sort` (manual, "$sortByCount"). */
function parseSortByCount(argument: Cell): Stage {
  const group = parseGroup(fromJs({ _id: argument, count: { $sum: 1 } }));
  const sort = parseSortStage(fromJs({ count: -1 }), Infinity);
  return { name: '$sortByCount', apply: (source, context) => sort.apply(group.apply(source, context), context) };
}

const STAGES: Readonly<Record<string, (argument: Cell) => Stage>> = {
  $match: parseMatch,
  $limit: parseLimit,
  $skip: parseSkip,
  $project: parseProject,
  $addFields: parseAddFields,
  $set: parseAddFields,
  $unset: parseUnset,
  $count: parseCount,
  $group: parseGroup,
  $unwind: parseUnwind,
  $replaceRoot: parseReplaceRoot,
  $replaceWith: parseReplaceWith,
  $sortByCount: parseSortByCount,
  $facet: parseFacet,
  $lookup: (argument) => parseLookup(argument, parsePipeline),
};

/** How many documents the stages behind a sort take: of a `$limit`, with a `$skip` before it. */
function limitBehind(sources: readonly StageSource[]): number {
  const [first, second] = sources;
  if (first?.name === '$limit') return first.argument.toNumber();
  if (first?.name === '$skip' && second?.name === '$limit')
    return first.argument.toNumber() + second.argument.toNumber();
  return Infinity;
}

function sourceOf(stage: Cell): StageSource {
  const entries = stage.type === BsonType.object ? entriesOf(stage) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    throw new MongoFault(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  return { name: entry[0], argument: entry[1] };
}

/**
 * Parses an aggregation pipeline.
 * @throws MongoFault 40324 for a stage that is not served, and those of the stages
 */
export function parsePipeline(pipeline: Cell): readonly Stage[] {
  if (pipeline.type !== BsonType.array) throw new MongoFault(14, 'A pipeline must be an array of objects');
  const sources = itemsOf(pipeline).map(sourceOf);
  return sources.map(({ name, argument }, position) => {
    if (name === '$sort') return parseSortStage(argument, limitBehind(sources.slice(position + 1)));
    if (name === '$changeStream') {
      throw new MongoFault(40573, 'The $changeStream stage is only supported on replica sets');
    }
    const parse = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    if (parse === undefined) throw new MongoFault(40324, `Unrecognized pipeline stage name: '${name}'`);
    return parse(argument);
  });
}
