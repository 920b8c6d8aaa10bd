import { parsePipeline } from '../aggregate/parse-pipeline.js';
import { runPipeline } from '../aggregate/run-pipeline.js';
import type { DocumentStream } from '../aggregate/stage.js';
import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { fromJs } from '../bson/from-js.js';
import { valueKey } from '../bson/key-encoding.js';
import { double, EMPTY_DOCUMENT, int64 } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { countDocuments, findDocuments, type Search } from '../query/find-documents.js';
import { parseFilter } from '../query/parse-filter.js';
import { parseProjection } from '../query/parse-projection.js';
import { parseSort } from '../query/sort-order.js';
import { PathWalk } from '../query/visit-path.js';
import { type Command, Options } from './command.js';
import type { CommandDefinition, CommandTable } from './command-table.js';
import { checkNamespace, findCollection, namespaceOf } from './namespace.js';

const NOTHING: DocumentStream = { next: () => undefined, pause: () => undefined };
const MAX_DISTINCT_BYTES = 16 * 1024 * 1024;

/** The search a command describes. A limit of 0 means none. */
export function searchOf(command: Command, filterField: string): Search {
  const limit = command.count('limit') ?? 0;
  return {
    filter: parseFilter(command.document(filterField) ?? EMPTY_DOCUMENT),
    sort: parseSort(command.document('sort') ?? EMPTY_DOCUMENT),
    skip: command.count('skip') ?? 0,
    limit: limit === 0 ? Infinity : limit,
    hint: command.get('hint'),
    budget: command.budget,
  };
}

const find: CommandDefinition = {
  options: ['filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'],
  run: (command, session) => {
    const collection = findCollection(command, session);
    const search = searchOf(command, 'filter');
    const projection = parseProjection(command.document('projection') ?? EMPTY_DOCUMENT, 'find');
    const found = collection && findDocuments(collection, search);
    const next = (): Cell | undefined => {
      const document = found?.next();
      return projection === undefined || document === undefined
        ? document?.document
        : projection(document.document, document.hitIndex);
    };
    const stream: DocumentStream = { next, pause: () => found?.pause() };
    return session.cursors.open({
      namespace: namespaceOf(command),
      collection,
      stream,
      batchSize: command.count('batchSize'),
      singleBatch: command.flag('singleBatch'),
      session: command.session,
    });
  },
};

const getMore: CommandDefinition = {
  options: ['collection', 'batchSize'],
  run: (command, { cursors }) => {
    const id = command.get('getMore');
    if (id?.type !== BsonType.int64)
      throw new MongoFault(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
    const name = command.required('collection', command.text('collection'));
    return cursors.more(id.toBigInt(), `${command.db}.${name}`, command.count('batchSize'));
  },
};

const killCursors: CommandDefinition = {
  options: ['cursors'],
  run: (command, { cursors }) => {
    const ids = itemsOf(command.required('cursors', command.array('cursors'))).map((id) => id.toBigInt());
    const killed = new Set(ids.filter((id) => cursors.kill(id)));
    return fromJs({
      cursorsKilled: ids.filter((id) => killed.has(id)).map(int64),
      cursorsNotFound: ids.filter((id) => !killed.has(id)).map(int64),
      cursorsAlive: [],
      cursorsUnknown: [],
      ok: double(1),
    });
  },
};

const aggregate: CommandDefinition = {
  options: ['pipeline', 'cursor', 'hint'],
  run: (command, session) => {
    if (command.get('aggregate')?.isNumber === true) {
      parsePipeline(command.required('pipeline', command.array('pipeline')));
      throw new MongoFault(73, '{aggregate: 1} is not valid for these stages; a collection is required.');
    }
    const collection = findCollection(command, session);
    const stages = parsePipeline(command.required('pipeline', command.array('pipeline')));
    const cursor = new Options('aggregate.cursor', command.required('cursor', command.document('cursor')));
    cursor.checkNames(['batchSize']);
    const context = {
      budget: command.budget,
      collection: (name: string) => {
        checkNamespace(command.db, name);
        return session.engine.catalog.find(command.db, name);
      },
    };
    const stream = collection
      ? runPipeline(collection, stages, context, command.get('hint'))
      : stages.reduce((source, stage) => stage.apply(source, context), NOTHING);
    return session.cursors.open({
      namespace: namespaceOf(command),
      collection,
      stream,
      batchSize: cursor.count('batchSize'),
      session: command.session,
    });
  },
};

const count: CommandDefinition = {
  options: ['query', 'limit', 'skip', 'hint', 'fields'],
  run: (command, session) => {
    const collection = findCollection(command, session);
    const search = searchOf(command, 'query');
    return fromJs({ n: collection === undefined ? 0 : countDocuments(collection, search), ok: double(1) });
  },
};

/** The values a document adds to `distinct`: the items of an array, otherwise the value. */
function distinctValues(document: Cell, path: FieldPath): readonly Cell[] {
  const values: Cell[] = [];
  new PathWalk(path, false, (value) => {
    if (value?.type === BsonType.array) values.push(...itemsOf(value));
    else if (value !== undefined) values.push(value);
    return false;
  }).in(document);
  return values;
}

const distinct: CommandDefinition = {
  options: ['key', 'query', 'hint'],
  run: (command, session) => {
    const collection = findCollection(command, session);
    const path = new FieldPath(command.required('key', command.text('key')));
    const search = searchOf(command, 'query');
    const values = new Map<string, Cell>();
    let bytes = 0;
    const found = collection && findDocuments(collection, search);
    try {
      for (let next = found?.next(); next !== undefined; next = found?.next()) {
        for (const value of distinctValues(next.document, path)) {
          const key = valueKey(value);
          if (values.has(key)) continue;
          values.set(key, value);
          bytes += value.end - value.start;
          if (bytes > MAX_DISTINCT_BYTES) throw new MongoFault(17217, 'distinct too big, 16mb cap');
        }
      }
    } finally {
      found?.pause();
    }
    return fromJs({ values: [...values.values()], ok: double(1) });
  },
};

/** Commands that read. */
export const READ_COMMANDS: CommandTable = { find, getMore, killCursors, aggregate, count, distinct };
