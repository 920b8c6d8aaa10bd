import { BsonType } from './bson-type.js';
import { BsonWriter } from './bson-writer.js';
import { Cell } from './cell.js';
import { entriesOf, itemsOf } from './elements.js';
import { MongoFault } from '../mongo-fault.js';

/** A value inside a document that is being changed: as it was stored, or opened up. */
export type TreeNode = Cell | DocumentNode | ArrayNode;

/** An object that has been opened for changing; its fields keep their order. */
export class DocumentNode {
  constructor(readonly fields: Map<string, TreeNode> = new Map()) {}

  static of(cell: Cell): DocumentNode {
    const entries = entriesOf(cell);
    const fields = new Map<string, TreeNode>(entries);
    if (fields.size !== entries.length)
      throw new MongoFault(2, 'a document with duplicate field names cannot be changed');
    return new DocumentNode(fields);
  }
}

/** An array that has been opened for changing. */
export class ArrayNode {
  constructor(readonly items: TreeNode[] = []) {}

  static of(cell: Cell): ArrayNode {
    return new ArrayNode(itemsOf(cell));
  }
}

/** Opens a stored object or array one level deep; other nodes are given back as they are. */
export function opened(node: TreeNode): TreeNode {
  if (!(node instanceof Cell)) return node;
  if (node.type === BsonType.object) return DocumentNode.of(node);
  if (node.type === BsonType.array) return ArrayNode.of(node);
  return node;
}

function writeNode(writer: BsonWriter, name: string, node: TreeNode): void {
  if (node instanceof Cell) {
    writer.cell(name, node);
  } else if (node instanceof DocumentNode) {
    writer.openElement(BsonType.object, name);
    node.fields.forEach((field, key) => writeNode(writer, key, field));
    writer.close();
  } else {
    writer.openElement(BsonType.array, name);
    node.items.forEach((item, index) => writeNode(writer, String(index), item));
    writer.close();
  }
}

/** The BSON of a node. What was never opened is copied byte by byte. */
export function closed(node: TreeNode): Cell {
  if (node instanceof Cell) return node;
  const writer = new BsonWriter().open();
  if (node instanceof DocumentNode) node.fields.forEach((field, key) => writeNode(writer, key, field));
  else node.items.forEach((item, index) => writeNode(writer, String(index), item));
  return writer.close().finishCell(node instanceof DocumentNode ? BsonType.object : BsonType.array);
}
