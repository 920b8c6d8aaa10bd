import fc from 'fast-check';
import type { Document } from './running-document-store.js';

/** One step of a random history. */
export type Operation =
  | { readonly kind: 'insert'; readonly document: Document }
  | { readonly kind: 'update'; readonly id: number; readonly update: Document; readonly upsert: boolean }
  | { readonly kind: 'updateMany'; readonly filter: Document; readonly update: Document }
  | { readonly kind: 'replace'; readonly id: number; readonly document: Document }
  | { readonly kind: 'deleteMany'; readonly filter: Document }
  | {
      readonly kind: 'find';
      readonly filter: Document;
      readonly sort: Document;
      readonly skip: number;
      readonly limit: number;
    }
  | { readonly kind: 'count'; readonly filter: Document };

const FIELDS = ['a', 'b', 'o.x'] as const;
const MAX_ID = 12;

/** Few different values, so that conditions often meet them. */
const number = fc.oneof(fc.integer({ min: -2, max: 4 }), fc.constantFrom(0.5, 2.5));
const scalar = fc.oneof(
  number,
  fc.constantFrom('', 'a', 'B', 'b', 'あ'),
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: 0, max: 3 }).map((ms) => new Date(ms)),
);
const value = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 2, arbitrary: fc.array(number, { maxLength: 3 }) });
const id = fc.integer({ min: 0, max: MAX_ID });

/** Documents with some of the fields, in an order of their own. */
const content = fc
  .record(
    { a: value, b: value, o: fc.record({ x: value }, { requiredKeys: [], noNullPrototype: true }) },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((document) => ({ ...document }));

const field = fc.constantFrom(...FIELDS);
const top = fc.constantFrom('a', 'b');

const condition = fc.oneof(
  fc
    .record({ operator: fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), operand: scalar })
    .map(({ operator, operand }) => ({ [operator]: operand })),
  fc
    .record({ operator: fc.constantFrom('$in', '$nin'), operand: fc.array(scalar, { minLength: 1, maxLength: 3 }) })
    .map(({ operator, operand }) => ({ [operator]: operand })),
  fc.boolean().map((exists) => ({ $exists: exists })),
);

const single = fc.oneof(
  fc.tuple(field, condition).map(([name, test]): Document => ({ [name]: test })),
  fc.tuple(field, scalar).map(([name, operand]): Document => ({ [name]: operand })),
  id.map((_id): Document => ({ _id })),
);

const filter: fc.Arbitrary<Document> = fc.oneof(
  single,
  fc.constant({}),
  fc.tuple(single, single).map((parts): Document => ({ $and: parts })),
  fc.tuple(single, single).map((parts): Document => ({ $or: parts })),
  fc.tuple(single, single, single).map(([first, ...parts]): Document => ({ $and: [first, { $or: parts }] })),
);

/** Updates that are never refused: of many documents a refusal would leave some changed, and nobody says which. */
const safeUpdate = fc.oneof(
  fc.tuple(field, value).map(([name, operand]): Document => ({ $set: { [name]: operand } })),
  field.map((name): Document => ({ $unset: { [name]: '' } })),
  fc
    .tuple(top, fc.constantFrom('$min', '$max'), number)
    .map(([name, operator, operand]): Document => ({ [operator]: { [name]: operand } })),
);

/** Updates that may be refused: the refusal is part of the result. */
const update = fc.oneof(
  safeUpdate,
  fc.tuple(top, fc.integer({ min: -2, max: 3 })).map(([name, operand]): Document => ({ $inc: { [name]: operand } })),
  fc.tuple(top, number).map(([name, operand]): Document => ({ $push: { [name]: operand } })),
  fc.tuple(top, number).map(([name, operand]): Document => ({ $addToSet: { [name]: operand } })),
  fc.tuple(top, number).map(([name, operand]): Document => ({ $pull: { [name]: operand } })),
  fc.tuple(number, fc.integer({ min: 0, max: 3 })).map(([a, n]): Document => ({ $set: { a }, $inc: { n } })),
);

const sort = fc
  .tuple(field, fc.constantFrom(1, -1))
  .map(([name, direction]): Document => ({ [name]: direction, _id: direction }));

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      document: fc.tuple(id, content).map(([_id, rest]) => ({ _id, ...rest })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('update' as const), id, update, upsert: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('updateMany' as const), filter, update: safeUpdate }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), id, document: content }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteMany' as const), filter }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('find' as const),
      filter,
      sort,
      skip: fc.integer({ min: 0, max: 2 }),
      limit: fc.integer({ min: 0, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('count' as const), filter }) },
);

/** A random history of one collection. */
export const history = fc.array(operation, { minLength: 5, maxLength: 40 });

const keyPattern = fc
  .uniqueArray(field, { minLength: 1, maxLength: 2 })
  .chain((names) =>
    fc
      .tuple(...names.map((name) => fc.constantFrom(1, -1).map((direction) => [name, direction] as const)))
      .map((entries) => Object.fromEntries(entries)),
  );

/** Random indexes: whatever there are, results stay the same. */
export const indexes = fc.uniqueArray(keyPattern, { maxLength: 3, selector: (pattern) => Object.keys(pattern).join() });
