import { BsonType, typeName } from '../bson/bson-type.js';
import { type Cell } from '../bson/cell.js';
import { closed, DocumentNode } from '../bson/document-tree.js';
import { entriesOf, FieldName, fieldOf } from '../bson/elements.js';
import { valueText } from '../bson/to-text.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { type ArrayFilters, checkAllUsed } from './array-filters.js';
import { ARRAY_OPERATORS } from './array-operators.js';
import { findSlots } from './find-slots.js';
import type { FieldOperator, UpdateContext } from './operator.js';
import { checkTarget, parseRename, type Rename, takeSource } from './rename.js';
import { checkConflicts, compareUpdatePaths, parseUpdatePath, type UpdatePath } from './update-path.js';
import { VALUE_OPERATORS } from './value-operators.js';

const OPERATORS = { ...VALUE_OPERATORS, ...ARRAY_OPERATORS };
const ID = new FieldName('_id');

/** One change of one path. */
type Change =
  | { readonly kind: 'operator'; readonly path: UpdatePath; readonly operator: FieldOperator }
  | { readonly kind: 'rename'; readonly path: UpdatePath; readonly rename: Rename };

/** Applies an update to a document. */
export type DocumentChange = (document: Cell, hitIndex: number, inserting: boolean) => Cell;

function parseChange(name: string, path: string, argument: Cell, arrayFilters: ArrayFilters): Change {
  if (name === '$rename') {
    const rename = parseRename(path, argument);
    return { kind: 'rename', path: parseUpdatePath(rename.target, arrayFilters), rename };
  }
  const parser = OPERATORS[name];
  if (parser === undefined) throw new Error(`unreachable: ${name}`);
  return { kind: 'operator', path: parseUpdatePath(path, arrayFilters), operator: parser(argument, path) };
}

function checkModifier(name: string, argument: Cell): void {
  if (name === '$bit') refuse('the update operator $bit');
  if (name !== '$rename' && !Object.hasOwn(OPERATORS, name)) {
    throw new MongoFault(
      9,
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (argument.type !== BsonType.object) {
    throw new MongoFault(
      9,
      `Modifiers operate on fields but we found type ${typeName(argument.type)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${valueText(argument)}}`,
    );
  }
}

function parseChanges(update: Cell, arrayFilters: ArrayFilters): readonly Change[] {
  const changes: Change[] = [];
  for (const [name, fields] of entriesOf(update)) {
    checkModifier(name, fields);
    for (const [path, argument] of entriesOf(fields)) changes.push(parseChange(name, path, argument, arrayFilters));
  }
  return changes;
}

const pathsOf = (change: Change): readonly string[] =>
  change.kind === 'rename' ? [change.rename.source, change.path.text] : [change.path.text];

/** The value goes to its new place as `$set` would put it there. */
function applyRename(root: DocumentNode, change: Extract<Change, { kind: 'rename' }>, context: UpdateContext): void {
  checkTarget(root, change.rename, context);
  const value = takeSource(root, change.rename, context);
  if (value === undefined) return;
  const search = { arrayFilters: new Map(), hitIndex: -1, creates: true };
  findSlots(root, change.path, search, (slot) => slot.set(value));
}

/**
 * Parses an update of operators (manual, "Update Operators").
 * @throws MongoFault 2, 9, 14, 40, 52, 56, 238
 */
export function parseModifiers(update: Cell, arrayFilters: ArrayFilters): DocumentChange {
  const changes = parseChanges(update, arrayFilters).toSorted((a, b) => compareUpdatePaths(a.path, b.path));
  const paths = changes.flatMap(pathsOf);
  checkConflicts(paths);
  checkAllUsed(arrayFilters, paths);
  return (document, hitIndex, inserting) => {
    const root = DocumentNode.of(document);
    const context: UpdateContext = { inserting, idText: valueText(fieldOf(document, ID)) };
    for (const change of changes) {
      if (change.kind === 'rename') {
        applyRename(root, change, context);
      } else {
        const { creates, onlyOnInsert = false } = change.operator;
        if (onlyOnInsert && !inserting) continue;
        findSlots(root, change.path, { arrayFilters, hitIndex, creates }, (slot) =>
          change.operator.apply(slot, context),
        );
      }
    }
    return closed(root);
  };
}
