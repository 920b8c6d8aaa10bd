import type { Cell } from '../bson/cell.js';
import { FieldName, fieldOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { double, EMPTY_DOCUMENT } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { findFirst } from '../query/find-documents.js';
import { parseProjection } from '../query/parse-projection.js';
import { parseUpdate, type Update } from '../update/parse-update.js';
import type { Command } from './command.js';
import type { CommandDefinition, CommandTable } from './command-table.js';
import { searchOf } from './read-commands.js';
import { insertByUpsert, updateRow, writeTarget, type WriteTarget } from './write-target.js';

const ID = new FieldName('_id');

/** What happened, in the terms of the reply. */
interface Outcome {
  readonly n: number;
  /** Missing for a removal. */
  readonly updatedExisting?: boolean;
  readonly upserted?: Cell | undefined;
  readonly value: Cell | undefined;
  readonly hitIndex: number;
}

const NOTHING = { n: 0, value: undefined, hitIndex: -1 } as const;

function checkCombination(command: Command, update: Cell | undefined): void {
  const removes = command.flag('remove');
  if (removes && update !== undefined) throw new MongoFault(9, "Cannot specify both an 'update' and 'remove'=true");
  if (removes && command.flag('upsert')) throw new MongoFault(9, 'Cannot specify both upsert=true and remove=true');
  if (removes && command.flag('new'))
    throw new MongoFault(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  if (!removes && update === undefined) throw new MongoFault(9, 'Either an update or remove=true must be specified');
}

function removeOne(command: Command, target: WriteTarget): Outcome {
  const collection = target.existing();
  const found = collection && findFirst(collection, searchOf(command, 'query'));
  if (collection === undefined || found === undefined) return NOTHING;
  collection.remove(found.rid, found.document);
  return { n: 1, value: found.document, hitIndex: found.hitIndex };
}

function updateOne(command: Command, target: WriteTarget, update: Update): Outcome {
  const search = searchOf(command, 'query');
  const collection = target.existing();
  const found = collection && findFirst(collection, search);
  if (collection !== undefined && found !== undefined) {
    const { rid, document, hitIndex } = found;
    const after = updateRow(collection, rid, document, update, hitIndex) ?? document;
    return { n: 1, updatedExisting: true, value: command.flag('new') ? after : document, hitIndex };
  }
  if (!command.flag('upsert')) return { ...NOTHING, updatedExisting: false };
  const inserted = insertByUpsert(target, search, update);
  const value = command.flag('new') ? inserted : undefined;
  return { n: 1, updatedExisting: false, upserted: fieldOf(inserted, ID), value, hitIndex: -1 };
}

const findAndModify: CommandDefinition = {
  options: ['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'arrayFilters', 'hint'],
  run: (command, session) => {
    const source = command.get('update');
    checkCombination(command, source);
    const update = source && parseUpdate(source, command.array('arrayFilters'));
    const projection = parseProjection(command.document('fields') ?? EMPTY_DOCUMENT, 'find');
    const target = writeTarget(command, session);
    const outcome = session.engine.write(() => {
      try {
        return update === undefined ? removeOne(command, target) : updateOne(command, target, update);
      } catch (error) {
        // The one change there was to make has been refused, so nothing needs to be taken back
        if (error instanceof MongoFault) return error;
        throw error;
      }
    }, command.writeConcern.journaled);
    if (outcome instanceof MongoFault) throw outcome;
    const { n, updatedExisting, upserted, value, hitIndex } = outcome;
    const shown = value !== undefined && projection !== undefined ? projection(value, hitIndex) : value;
    return fromJs({ lastErrorObject: { n, updatedExisting, upserted }, value: shown ?? null, ok: double(1) });
  },
};

/** `findAndModify` under both of its spellings. */
export const FIND_AND_MODIFY: CommandTable = { findAndModify, findandmodify: findAndModify };
