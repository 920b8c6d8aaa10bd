import { BsonType } from '../bson/bson-type.js';
import { Cell } from '../bson/cell.js';
import { ArrayNode, type DocumentNode, opened, type TreeNode } from '../bson/document-tree.js';
import { MongoFault } from '../mongo-fault.js';
import type { UpdateContext } from './operator.js';

/** One field of `$rename`. */
export interface Rename {
  readonly source: string;
  readonly target: string;
}

/** @throws MongoFault 2 */
export function parseRename(source: string, argument: Cell): Rename {
  if (argument.type !== BsonType.string)
    throw new MongoFault(2, `The 'to' field for $rename must be a string: ${source}`);
  const target = argument.toText();
  if (source === target)
    throw new MongoFault(2, `The source and target field for $rename must differ: ${source}: "${target}"`);
  for (const path of [source, target]) {
    if (/(?:^|\.)\$/.test(path))
      throw new MongoFault(2, `The source and target field for $rename may not be dynamic: ${path}`);
    if (path.split('.').includes(''))
      throw new MongoFault(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  return { source, target };
}

/** The object that holds the last step of a path; undefined when there is none. */
function holderOf(
  root: DocumentNode,
  steps: readonly string[],
  idText: string,
  role: string,
): DocumentNode | undefined {
  let holder = root;
  for (const step of steps.slice(0, -1)) {
    const node: TreeNode | undefined = holder.fields.get(step);
    if (node === undefined) return undefined;
    const inner = opened(node);
    if (inner instanceof ArrayNode) {
      throw new MongoFault(
        2,
        `The ${role} field cannot be an array element, '${steps.join('.')}' in doc with _id: ${idText} has an array field called '${step}'`,
      );
    }
    if (inner instanceof Cell) return undefined;
    holder.fields.set(step, inner);
    holder = inner;
  }
  return holder;
}

/** Takes a field out; the value it had, or undefined. */
export function takeSource(root: DocumentNode, { source }: Rename, { idText }: UpdateContext): TreeNode | undefined {
  const steps = source.split('.');
  const holder = holderOf(root, steps, idText, 'source');
  const name = steps.at(-1) as string;
  const value = holder?.fields.get(name);
  holder?.fields.delete(name);
  return value;
}

/** @throws MongoFault 2 when the target would lie in an array */
export function checkTarget(root: DocumentNode, { target }: Rename, { idText }: UpdateContext): void {
  holderOf(root, target.split('.'), idText, 'destination');
}
