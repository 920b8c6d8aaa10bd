import type { Cell } from '../bson/cell.js';
import { FieldName } from '../bson/elements.js';
import { MongoFault } from '../mongo-fault.js';
import type { Expression } from '../expression/expression.js';
import type { Matcher } from './matcher.js';

/** What happens to one field. */
export type Leaf =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'compute'; readonly expression: Expression }
  | { readonly kind: 'slice'; readonly skip: number; readonly limit: number }
  | { readonly kind: 'firstMatch'; readonly matches: Matcher }
  | { readonly kind: 'positional' };

/** What happens to the fields of one document. */
export interface Branch {
  readonly kind: 'branch';
  readonly children: Child[];
}

interface Child {
  readonly name: FieldName;
  node: Leaf | Branch;
}

export const newBranch = (): Branch => ({ kind: 'branch', children: [] });

export const childOf = (branch: Branch, name: string): Child | undefined =>
  branch.children.find((child) => child.name.text === name);

/**
 * Puts a leaf at a dotted path.
 * @throws MongoFault 31249 or 31250 when another path of the projection is in the way
 */
export function plant(root: Branch, steps: readonly { readonly text: string }[], leaf: Leaf): void {
  let branch = root;
  steps.forEach(({ text }, depth) => {
    const path = steps.slice(depth).map((step) => step.text);
    const known = childOf(branch, text);
    const isLast = depth === steps.length - 1;
    if (known !== undefined && (isLast || known.node.kind !== 'branch')) {
      throw new MongoFault(
        isLast ? 31250 : 31249,
        `Path collision at ${steps.map((step) => step.text).join('.')} remaining portion ${path.join('.')}`,
      );
    }
    if (isLast) {
      branch.children.push({ name: new FieldName(text), node: leaf });
    } else if (known?.node.kind === 'branch') {
      branch = known.node;
    } else {
      const next = newBranch();
      branch.children.push({ name: new FieldName(text), node: next });
      branch = next;
    }
  });
}

/** A document with its projection applied. `hitIndex` is what the positional `$` stands for, or -1. */
export type Projection = (document: Cell, hitIndex: number) => Cell;
