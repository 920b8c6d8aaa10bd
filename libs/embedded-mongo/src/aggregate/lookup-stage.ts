import { BsonType } from '../bson/bson-type.js';
import { arrayOf, documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { NULL } from '../bson/make-cell.js';
import { namedArguments, textArgument } from '../expression/operator.js';
import { refuse } from '../mongo-fault.js';
import type { Filter } from '../query/filter.js';
import { findDocuments } from '../query/find-documents.js';
import { PathWalk } from '../query/visit-path.js';
import { MemoryBudget } from './memory-budget.js';
import { drain, type DocumentStream, mapStream, type PipelineContext, type Stage } from './stage.js';

/** Every value which the local field leads to; nothing at all counts as null, as in MongoDB. */
function localValues(document: Cell, path: FieldPath): readonly Cell[] {
  const values: Cell[] = [];
  new PathWalk(path, true, (value) => {
    if (value !== undefined && value.type !== BsonType.array) values.push(value);
    return false;
  }).in(document);
  return values.length > 0 ? values : [NULL];
}

/** The documents of another collection whose field has one of the values. */
function foreignDocuments(context: PipelineContext, from: string, filter: Filter): DocumentStream {
  const collection = context.collection(from);
  if (collection === undefined) return { next: () => undefined, pause: () => undefined };
  const { budget } = context;
  const found = findDocuments(collection, { filter, sort: [], skip: 0, limit: Infinity, budget });
  return { next: () => found.next()?.document, pause: () => found.pause() };
}

/**
 * Parses `$lookup` by equality: `{ from, localField, foreignField, as, pipeline? }`, without `let`.
 * @param parsePipeline parses the nested pipeline
 */
export function parseLookup(argument: Cell, parsePipeline: (source: Cell) => readonly Stage[]): Stage {
  if (argument.type === BsonType.object && entriesOf(argument).some(([name]) => name === 'let'))
    refuse('$lookup with let');
  const given = namedArguments('$lookup', argument, ['from', 'localField', 'foreignField', 'as'], ['pipeline']);
  const [from, as] = [textArgument('from', given.from), textArgument('as', given.as)];
  const local = new FieldPath(textArgument('localField', given.localField));
  const foreign = new FieldPath(textArgument('foreignField', given.foreignField));
  if (as.includes('.')) refuse('$lookup into a nested field');
  const stages = given.pipeline === undefined ? [] : parsePipeline(given.pipeline);
  return {
    name: '$lookup',
    apply: (source, context) =>
      mapStream(source, (document) => {
        const values = localValues(document, local);
        const filter: Filter = { kind: 'field', path: foreign, test: { kind: 'in', values, patterns: [] } };
        const stream = stages.reduce(
          (input, stage) => stage.apply(input, context),
          foreignDocuments(context, from, filter),
        );
        const budget = new MemoryBudget('$lookup');
        const joined: Cell[] = [];
        drain(stream, (other) => {
          budget.take(other.end - other.start);
          joined.push(other);
        });
        const fields = new Map(entriesOf(document)).set(as, arrayOf(joined));
        return documentOf(fields);
      }),
  };
}
