import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { closed, DocumentNode, opened, type TreeNode } from '../bson/document-tree.js';
import { itemsOf } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { int64, NULL } from '../bson/make-cell.js';
import { namedArguments, textArgument } from '../expression/operator.js';
import { isTruthy } from '../expression/expression.js';
import { MongoFault } from '../mongo-fault.js';
import { expandStream, type Stage } from './stage.js';

interface Unwind {
  readonly path: FieldPath;
  readonly indexField: FieldPath | undefined;
  readonly keepsEmpty: boolean;
}

/** The object that holds the last step of a path, made if asked to. */
function holderOf(root: DocumentNode, path: FieldPath, makes: boolean): DocumentNode | undefined {
  let holder = root;
  for (const { text } of path.steps.slice(0, -1)) {
    const node: TreeNode | undefined = holder.fields.get(text);
    const inner = node === undefined && makes ? new DocumentNode() : node && opened(node);
    if (!(inner instanceof DocumentNode)) return undefined;
    holder.fields.set(text, inner);
    holder = inner;
  }
  return holder;
}

const lastOf = (path: FieldPath): string => path.steps.at(-1)?.text ?? '';

/** The document with a value at a path; undefined removes it. */
function withValue(document: Cell, unwind: Unwind, value: Cell | undefined, index: number | undefined): Cell {
  const root = DocumentNode.of(document);
  const holder = holderOf(root, unwind.path, false);
  if (value === undefined) holder?.fields.delete(lastOf(unwind.path));
  else holder?.fields.set(lastOf(unwind.path), value);
  if (unwind.indexField !== undefined) {
    const position = index === undefined ? NULL : int64(BigInt(index));
    holderOf(root, unwind.indexField, true)?.fields.set(lastOf(unwind.indexField), position);
  }
  return closed(root);
}

function valueAt(document: Cell, path: FieldPath): Cell | undefined {
  const node = holderOf(DocumentNode.of(document), path, false)?.fields.get(lastOf(path));
  return node && closed(node);
}

function expand(document: Cell, unwind: Unwind): readonly Cell[] {
  const value = valueAt(document, unwind.path);
  if (value?.type === BsonType.array) {
    const items = itemsOf(value);
    if (items.length > 0) return items.map((item, index) => withValue(document, unwind, item, index));
    return unwind.keepsEmpty ? [withValue(document, unwind, undefined, undefined)] : [];
  }
  if (value === undefined || value.type === BsonType.null) {
    return unwind.keepsEmpty ? [withValue(document, unwind, value, undefined)] : [];
  }
  return [withValue(document, unwind, value, undefined)];
}

function fieldPath(value: Cell): FieldPath {
  const text = value.type === BsonType.string ? value.toText() : '';
  if (!/^\$[^$]/.test(text)) throw new MongoFault(28818, "path option to $unwind stage should be prefixed with a '$'");
  return new FieldPath(text.slice(1));
}

function parseArguments(argument: Cell): Unwind {
  if (argument.type !== BsonType.object) return { path: fieldPath(argument), indexField: undefined, keepsEmpty: false };
  const given = namedArguments('$unwind', argument, ['path'], ['includeArrayIndex', 'preserveNullAndEmptyArrays']);
  return {
    path: fieldPath(given.path),
    indexField: given.includeArrayIndex && new FieldPath(textArgument('includeArrayIndex', given.includeArrayIndex)),
    keepsEmpty: isTruthy(given.preserveNullAndEmptyArrays),
  };
}

/** Parses `$unwind`: one document for each item of an array. */
export function parseUnwind(argument: Cell): Stage {
  const unwind = parseArguments(argument);
  return { name: '$unwind', apply: (source) => expandStream(source, (document) => expand(document, unwind)) };
}
