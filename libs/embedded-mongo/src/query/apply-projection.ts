import { BsonType } from '../bson/bson-type.js';
import { arrayOf, BsonWriter } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { Elements, itemsOf } from '../bson/elements.js';
import { type Expression, rootScope } from '../expression/expression.js';
import { MongoFault } from '../mongo-fault.js';
import type { Branch, Leaf, Projection } from './projection-tree.js';

/** What is the same for all fields of one document. */
interface Context {
  readonly root: Cell;
  readonly hitIndex: number;
  readonly including: boolean;
}

function sliced(array: Cell, { skip, limit }: Extract<Leaf, { kind: 'slice' }>): Cell {
  const items = itemsOf(array);
  const from = skip < 0 ? Math.max(0, items.length + skip) : skip;
  return arrayOf(items.slice(from, from + limit));
}

function positional(value: Cell, { hitIndex }: Context): Cell {
  if (value.type !== BsonType.array) return value;
  const item = itemsOf(value)[hitIndex];
  if (item === undefined) {
    throw new MongoFault(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  }
  return arrayOf([item]);
}

/** The first matching item of an array; nothing when there is none. */
function firstMatch(value: Cell, { matches }: Extract<Leaf, { kind: 'firstMatch' }>): Cell | undefined {
  const found = value.type === BsonType.array ? itemsOf(value).find((item) => matches(item)) : undefined;
  return found && arrayOf([found]);
}

/** What becomes of a field's value; undefined drops the field. */
function projectValue(node: Leaf | Branch, value: Cell, context: Context): Cell | undefined {
  switch (node.kind) {
    case 'include':
      return value;
    case 'exclude':
      return undefined;
    case 'compute': // where fields are chosen, computed ones are written behind them
      return context.including ? undefined : evaluate(node.expression, context);
    case 'slice':
      return value.type === BsonType.array ? sliced(value, node) : value;
    case 'firstMatch':
      return firstMatch(value, node);
    case 'positional':
      return positional(value, context);
    case 'branch':
      return projectInside(node, value, context);
  }
}

function projectInside(branch: Branch, value: Cell, context: Context): Cell | undefined {
  if (value.type === BsonType.object) return projectDocument(branch, value, context);
  if (value.type === BsonType.array) {
    const items = itemsOf(value).map((item) => projectInside(branch, item, context));
    return arrayOf(items.filter((item) => item !== undefined));
  }
  if (hasComputed(branch)) return computedOnly(branch, context);
  return context.including ? undefined : value;
}

/** A document of computed fields, in place of a value that has no fields. */
function computedOnly(branch: Branch, context: Context): Cell {
  const writer = new BsonWriter().open();
  writeComputed(writer, branch, new Set(), context);
  return writer.close().finishCell();
}

const hasComputed = (branch: Branch): boolean =>
  branch.children.some(({ node }) => node.kind === 'compute' || (node.kind === 'branch' && hasComputed(node)));

function writeComputed(writer: BsonWriter, branch: Branch, present: ReadonlySet<string>, context: Context): void {
  for (const { name, node } of branch.children) {
    if (node.kind === 'compute') {
      if (!context.including && present.has(name.text)) continue;
      const value = evaluate(node.expression, context);
      if (value !== undefined) writer.cell(name.text, value);
    } else if (node.kind === 'branch' && !present.has(name.text) && hasComputed(node)) {
      writer.cell(name.text, computedOnly(node, context));
    }
  }
}

const evaluate = (expression: Expression, { root }: Context): Cell | undefined => expression(rootScope(root));

function projectDocument(branch: Branch, document: Cell, context: Context): Cell {
  const writer = new BsonWriter().open();
  const present = new Set<string>();
  const elements = new Elements(document);
  while (elements.next()) {
    const child = branch.children.find(({ name }) => elements.nameIs(name));
    if (child === undefined) {
      if (!context.including) writer.raw(document.buffer, elements.elementStart, elements.end);
      continue;
    }
    present.add(child.name.text);
    const value = projectValue(child.node, elements.cell, context);
    if (value !== undefined) writer.cell(child.name.text, value);
  }
  writeComputed(writer, branch, present, context);
  return writer.close().finishCell();
}

/** Keeps the fields of the tree, in the document's order, then the computed ones. */
export const applyInclusion =
  (root: Branch): Projection =>
  (document, hitIndex) =>
    projectDocument(root, document, { root: document, hitIndex, including: true });

/** Keeps all fields but those the tree excludes; computed ones take their places or are added. */
export const applyExclusion =
  (root: Branch): Projection =>
  (document, hitIndex) =>
    projectDocument(root, document, { root: document, hitIndex, including: false });
