import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, isEmpty, itemsOf } from '../bson/elements.js';
import { nonEmptyPath } from '../bson/field-path.js';
import { isOperator, parseExpression } from '../expression/parse-expression.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { applyExclusion, applyInclusion } from './apply-projection.js';
import { compileFilter } from './matcher.js';
import { parseFilter } from './parse-filter.js';
import { firstName } from './parse-predicate.js';
import { type Branch, type Leaf, newBranch, plant, type Projection } from './projection-tree.js';

/** `find` has operators of its own; in `$project` they are expressions. */
export type ProjectionKind = 'find' | 'aggregate';

const INCLUDE: Leaf = { kind: 'include' };
const EXCLUDE: Leaf = { kind: 'exclude' };

function sliceLeaf(argument: Cell): Leaf {
  const numbers = argument.type === BsonType.array ? itemsOf(argument) : [argument];
  const [first, second] = numbers.map((number) => (number.isNumber ? Math.trunc(number.toNumber()) : NaN));
  if (first === undefined || Number.isNaN(first) || Number.isNaN(second ?? 0))
    throw new MongoFault(28667, '$slice only supports numbers and [skip, limit] arrays');
  if (second === undefined)
    return first < 0 ? { kind: 'slice', skip: first, limit: -first } : { kind: 'slice', skip: 0, limit: first };
  if (second <= 0) throw new MongoFault(28724, '$slice limit must be positive');
  return { kind: 'slice', skip: first, limit: second };
}

/** The operators which only `find` knows. */
function findLeaf(name: string, argument: Cell): Leaf | undefined {
  switch (name) {
    case '$slice':
      return sliceLeaf(argument);
    case '$elemMatch':
      if (argument.type !== BsonType.object)
        throw new MongoFault(31274, 'elemMatch: Invalid argument, object required');
      return { kind: 'firstMatch', matches: itemMatcher(argument) };
    case '$meta':
      return refuse('$meta in a projection');
    default:
      return undefined;
  }
}

/** Reuses the rules of `{ array: { $elemMatch: … } }` for one item. */
function itemMatcher(argument: Cell): (item: Cell) => boolean {
  const matches = compileFilter(parseFilter(argument));
  return (item) => item.isContainer && matches(item);
}

/** Collects what a projection says and whether it includes or excludes. */
class Parser {
  readonly root: Branch = newBranch();
  private mode: 'include' | 'exclude' | undefined;
  private idLeaf: Leaf | undefined;

  constructor(private readonly kind: ProjectionKind) {}

  get result(): Projection {
    const mode = this.mode ?? (this.idLeaf?.kind === 'include' ? 'include' : 'exclude');
    if (mode === 'include') {
      if (this.idLeaf?.kind !== 'exclude') this.plantId(INCLUDE);
      return applyInclusion(this.root);
    }
    if (this.idLeaf?.kind === 'exclude') this.plantId(EXCLUDE);
    return applyExclusion(this.root);
  }

  fields(prefix: string, document: Cell): void {
    for (const [name, value] of entriesOf(document)) this.field(prefix === '' ? name : `${prefix}.${name}`, value);
  }

  private field(path: string, value: Cell): void {
    if (path.startsWith('$')) throw new MongoFault(16410, `FieldPath field names may not start with '$': ${path}`);
    if (value.isNumber || value.type === BsonType.bool)
      this.flag(path, value.isNumber ? value.toNumber() !== 0 : value.toBoolean());
    else if (value.type === BsonType.object && !isEmpty(value)) this.object(path, value);
    else this.computed(path, value);
  }

  private flag(path: string, isIncluded: boolean): void {
    const leaf = isIncluded ? INCLUDE : EXCLUDE;
    if (path === '_id') {
      this.idLeaf = leaf;
    } else if (path.endsWith('.$')) {
      if (this.kind !== 'find') throw new MongoFault(16410, "FieldPath field names may not start with '$'.");
      this.require('include', path);
      plant(this.root, nonEmptyPath(path.slice(0, -2)).steps, { kind: 'positional' });
    } else {
      this.require(leaf.kind === 'include' ? 'include' : 'exclude', path);
      plant(this.root, nonEmptyPath(path).steps, leaf);
    }
  }

  private object(path: string, value: Cell): void {
    const name = firstName(value);
    if (!name.startsWith('$')) return this.fields(path, value);
    const leaf = this.kind === 'find' ? findLeaf(name, entriesOf(value)[0]?.[1] as Cell) : undefined;
    if (leaf === undefined) {
      if (!isOperator(name)) throw new MongoFault(31325, `Unknown expression ${name}`);
      return this.computed(path, value);
    }
    if (leaf.kind !== 'slice') this.require('include', path);
    plant(this.root, nonEmptyPath(path).steps, leaf);
  }

  private computed(path: string, value: Cell): void {
    this.require('include', path);
    const leaf: Leaf = { kind: 'compute', expression: parseExpression(value) };
    if (path === '_id') this.idLeaf = EXCLUDE; // the computed value takes its place
    plant(this.root, nonEmptyPath(path).steps, leaf);
  }

  private require(mode: 'include' | 'exclude', path: string): void {
    if (this.mode !== undefined && this.mode !== mode) {
      throw mode === 'include'
        ? new MongoFault(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
        : new MongoFault(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
    }
    this.mode = mode;
  }

  private plantId(leaf: Leaf): void {
    if (!this.root.children.some(({ name }) => name.text === '_id')) plant(this.root, [{ text: '_id' }], leaf);
  }
}

/**
 * Parses a projection document (manual, "Project Fields to Return from Query", "$project").
 * @returns undefined when it asks for the whole document
 * @throws MongoFault with MongoDB's codes for contradictions
 */
export function parseProjection(spec: Cell, kind: ProjectionKind): Projection | undefined {
  if (isEmpty(spec)) return undefined;
  const parser = new Parser(kind);
  parser.fields('', spec);
  return parser.result;
}
