import type { Cell } from '../bson/cell.js';
import { FieldName, fieldOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { double, EMPTY_DOCUMENT, NULL } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { parseFilter } from '../query/parse-filter.js';
import { findFirst, findRows, type Search } from '../query/find-documents.js';
import { parseSort } from '../query/sort-order.js';
import type { Collection } from '../store/collection.js';
import { parseUpdate, type Update } from '../update/parse-update.js';
import { type Command, Options } from './command.js';
import type { CommandDefinition, CommandTable, Session } from './command-table.js';
import { prepareInsert } from './prepare-insert.js';
import { MAX_WRITE_BATCH } from './server-commands.js';
import { runStatements, type WriteError } from './write-errors.js';
import { deleteFound, insertByUpsert, updateRow, writeTarget, type WriteTarget } from './write-target.js';

const ID = new FieldName('_id');

/** Runs a write command's statements in one transaction and tells which failed. */
function writeAll(
  command: Command,
  session: Session,
  field: string,
  run: (target: WriteTarget, statement: Cell, index: number) => void,
): { readonly writeErrors: readonly WriteError[] | undefined } {
  const statements = command.documents(field);
  if (statements.length === 0 || statements.length > MAX_WRITE_BATCH) {
    throw new MongoFault(
      16,
      `Write batch sizes must be between 1 and ${String(MAX_WRITE_BATCH)}. Got ${String(statements.length)} operations.`,
    );
  }
  const target = writeTarget(command, session);
  const ordered = command.get('ordered') === undefined || command.flag('ordered');
  const errors = session.engine.write(
    () => runStatements(statements, ordered, (statement, index) => run(target, statement, index)),
    command.writeConcern.journaled,
  );
  return { writeErrors: errors.length > 0 ? errors : undefined };
}

const insert: CommandDefinition = {
  options: ['documents', 'ordered'],
  run: (command, session) => {
    let n = 0;
    const { writeErrors } = writeAll(command, session, 'documents', (target, document) => {
      target.made().insert(prepareInsert(document));
      n++;
    });
    return fromJs({ n, writeErrors, ok: double(1) });
  },
};

/** What an update did. */
interface UpdateOutcome {
  readonly matched: number;
  readonly modified: number;
  /** The document an upsert inserted. */
  readonly inserted?: Cell;
}

function updateMany(collection: Collection, search: Search, update: Update): UpdateOutcome {
  const rows = findRows(collection, search);
  let modified = 0;
  for (const { rid, hitIndex } of rows) {
    const document = collection.document(rid);
    if (document !== undefined && updateRow(collection, rid, document, update, hitIndex) !== undefined) modified++;
  }
  return { matched: rows.length, modified };
}

function updateOne(collection: Collection, search: Search, update: Update): UpdateOutcome {
  const found = findFirst(collection, search);
  if (found === undefined) return NO_MATCH;
  const changed = updateRow(collection, found.rid, found.document, update, found.hitIndex);
  return { matched: 1, modified: Number(changed !== undefined) };
}

const NO_MATCH: UpdateOutcome = { matched: 0, modified: 0 };

function runUpdate(target: WriteTarget, statement: Cell, budget: Search['budget']): UpdateOutcome {
  const options = new Options('update.updates', statement);
  options.checkNames(['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort', 'c']);
  if (options.get('c') !== undefined)
    throw new MongoFault(238, "the embedded server does not serve 'c' (let) of update");
  const update = parseUpdate(options.required('u', options.get('u')), options.array('arrayFilters'));
  const filter = parseFilter(options.required('q', options.document('q')));
  const sort = parseSort(options.document('sort') ?? EMPTY_DOCUMENT);
  const search: Search = { filter, sort, skip: 0, limit: Infinity, hint: options.get('hint'), budget };
  const multi = options.flag('multi');
  if (multi && update.kind === 'replacement') {
    throw new MongoFault(9, 'multi update is not supported for replacement-style update');
  }
  const collection = target.existing();
  const change = multi ? updateMany : updateOne;
  const outcome = collection === undefined ? NO_MATCH : change(collection, search, update);
  if (outcome.matched > 0 || !options.flag('upsert')) return outcome;
  return { ...outcome, inserted: insertByUpsert(target, search, update) };
}

const update: CommandDefinition = {
  options: ['updates', 'ordered'],
  run: (command, session) => {
    let [n, nModified] = [0, 0];
    const upserted: { index: number; _id: Cell }[] = [];
    const { writeErrors } = writeAll(command, session, 'updates', (target, statement, index) => {
      const { matched, modified, inserted } = runUpdate(target, statement, command.budget);
      n += matched + Number(inserted !== undefined);
      nModified += modified;
      if (inserted !== undefined) upserted.push({ index, _id: fieldOf(inserted, ID) ?? NULL });
    });
    return fromJs({ n, nModified, upserted: upserted.length > 0 ? upserted : undefined, writeErrors, ok: double(1) });
  },
};

function runDelete(target: WriteTarget, statement: Cell, budget: Search['budget']): number {
  const options = new Options('delete.deletes', statement);
  options.checkNames(['q', 'limit', 'hint']);
  const limit = options.required('limit', options.count('limit'));
  if (limit > 1) throw new MongoFault(9, 'The limit field in delete objects must be 0 or 1.');
  const filter = parseFilter(options.required('q', options.document('q')));
  const search: Search = {
    filter,
    sort: [],
    skip: 0,
    limit: limit === 0 ? Infinity : 1,
    hint: options.get('hint'),
    budget,
  };
  const collection = target.existing();
  return collection === undefined ? 0 : deleteFound(collection, search);
}

const remove: CommandDefinition = {
  options: ['deletes', 'ordered'],
  run: (command, session) => {
    let n = 0;
    const { writeErrors } = writeAll(command, session, 'deletes', (target, statement) => {
      n += runDelete(target, statement, command.budget);
    });
    return fromJs({ n, writeErrors, ok: double(1) });
  },
};

/** Commands that write any number of documents. */
export const WRITE_COMMANDS: CommandTable = { insert, update, delete: remove };
