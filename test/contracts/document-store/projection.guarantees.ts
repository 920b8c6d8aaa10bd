import { describe, expect } from 'vitest';
import { type Deviations, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const MAIL = {
  _id: 1,
  subject: 'hello',
  from: { name: 'aiko', host: 'a.example' },
  to: [{ name: 'ben', kind: 'to' }, { name: 'chie', kind: 'cc' }, 5],
  marks: [1, 2, 3, 4],
};

type Case = readonly [projection: Document, document: Document, deviations?: Deviations];

const CASES: readonly Case[] = [
  [{}, MAIL],
  [{ subject: 1 }, { _id: 1, subject: 'hello' }],
  [{ subject: true, _id: 0 }, { subject: 'hello' }],
  [{ _id: 1 }, { _id: 1 }],
  [{ _id: 0 }, { subject: 'hello', from: MAIL.from, to: MAIL.to, marks: MAIL.marks }],
  [
    { from: 0, to: 0 },
    { _id: 1, subject: 'hello', marks: MAIL.marks },
  ],
  [{ 'from.name': 1 }, { _id: 1, from: { name: 'aiko' } }],
  [{ from: { name: 1 } }, { _id: 1, from: { name: 'aiko' } }, { ferretdb: 'refuses nested projections' }],
  [
    { 'from.name': 0, to: 0, marks: 0 },
    { _id: 1, subject: 'hello', from: { host: 'a.example' } },
  ],
  [{ 'to.name': 1 }, { _id: 1, to: [{ name: 'ben' }, { name: 'chie' }] }],
  [
    { 'to.name': 0, from: 0, marks: 0 },
    { _id: 1, subject: 'hello', to: [{ kind: 'to' }, { kind: 'cc' }, 5] },
  ],
  [{ 'subject.deeper': 1 }, { _id: 1 }],
  [
    { marks: { $slice: 2 }, to: 0, from: 0 },
    { _id: 1, subject: 'hello', marks: [1, 2] },
    { ferretdb: 'refuses $slice' },
  ],
  [
    { _id: 1, marks: { $slice: -1 }, subject: 1 },
    { _id: 1, subject: 'hello', marks: [4] },
    { ferretdb: 'refuses $slice' },
  ],
  [
    { _id: 1, marks: { $slice: [1, 2] }, subject: 1 },
    { _id: 1, subject: 'hello', marks: [2, 3] },
    { ferretdb: 'refuses $slice' },
  ],
  [
    { to: { $elemMatch: { kind: 'cc' } } },
    { _id: 1, to: [{ name: 'chie', kind: 'cc' }] },
    { ferretdb: 'refuses $elemMatch' },
  ],
  [{ to: { $elemMatch: { kind: 'bcc' } } }, { _id: 1 }, { ferretdb: 'refuses $elemMatch' }],
  [{ sender: '$from.name' }, { _id: 1, sender: 'aiko' }, { ferretdb: 'gives literals only' }],
  [
    { subject: 1, size: { $size: '$marks' } },
    { _id: 1, subject: 'hello', size: 4 },
    { ferretdb: 'refuses expressions' },
  ],
];

/** Which fields come back. */
export function projectionGuarantees(context: DocumentStoreContext): void {
  describe('projection', () => {
    for (const [projection, document, deviations] of CASES) {
      guarantee(
        context,
        JSON.stringify(projection),
        async () => {
          const collection = await context.filled('mails', [MAIL]);
          expect(await collection.findOne({}, { projection })).toEqual(document);
        },
        deviations,
      );
    }

    guarantee(context, 'keeps the order of the stored fields', async () => {
      const collection = await context.filled('order', [{ _id: 1, z: 1, y: 2, x: 3 }]);
      const projected = await collection.findOne({}, { projection: { x: 1, z: 1 } });
      expect(Object.keys(projected ?? {})).toEqual(['_id', 'z', 'x']);
    });

    guarantee(
      context,
      '`$` gives the array item by which the document was found',
      async () => {
        const collection = await context.filled('hits', [MAIL]);
        const options = { projection: { 'to.$': 1 } };
        expect(await collection.findOne({ 'to.name': 'chie' }, options)).toEqual({ _id: 1, to: [MAIL.to[1]] });
        const byItem = await collection.findOne({ marks: { $gt: 2 } }, { projection: { 'marks.$': 1 } });
        expect(byItem).toEqual({ _id: 1, marks: [3] });
      },
      { ferretdb: 'finds the item only by $elemMatch' },
    );

    const refused: readonly (readonly [Document, number, Deviations?])[] = [
      [{ subject: 1, from: 0 }, 31254],
      [{ from: 0, subject: 1 }, 31253],
      [{ from: 1, 'from.name': 1 }, 31249, { ferretdb: 'takes it' }],
    ];
    for (const [projection, code, deviations] of refused) {
      guarantee(
        context,
        `${JSON.stringify(projection)} is refused by ${code}`,
        async () => {
          const collection = await context.filled('refused', [MAIL]);
          expect(await codeOf(collection.findOne({}, { projection }))).toBe(code);
        },
        deviations,
      );
    }
  });
}
