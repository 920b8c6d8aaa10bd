import { describe, expect } from 'vitest';
import { sorted } from './finding.js';
import { type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const DAY = 86_400_000;

/** 60 mails of three mailboxes; two arrive at the same time each. */
const MAILS = Array.from({ length: 60 }, (_, index) => ({
  _id: index,
  mailbox: `m${index % 3}`,
  receivedAt: new Date(Math.floor(index / 2) * DAY),
  subject: `s${(index * 37) % 60}`,
}));

const newestFirst = (ids: readonly number[]): number[] =>
  [...ids].sort((a, b) => Math.floor(b / 2) - Math.floor(a / 2) || b - a);

/** Order and paging. */
export function sortGuarantees(context: DocumentStoreContext): void {
  describe.each([
    ['without an index', undefined],
    ['with an index in the order asked for', { mailbox: 1, receivedAt: -1, _id: -1 }],
    ['with an index in the opposite order', { mailbox: -1, receivedAt: 1, _id: 1 }],
    ['with an index on something else', { subject: 1 }],
  ] as const)('paging %s', (_name, index) => {
    const filled = async () => {
      const collection = await context.filled('paged', MAILS);
      if (index !== undefined) await collection.createIndex({ ...index });
      return collection;
    };
    const ofMailbox = MAILS.filter(({ mailbox }) => mailbox === 'm1').map(({ _id }) => _id);

    guarantee(context, 'gives a mailbox newest first, equal times by their id', async () => {
      const collection = await filled();
      expect(await sorted(collection, { receivedAt: -1, _id: -1 }, { mailbox: 'm1' })).toEqual(newestFirst(ofMailbox));
    });

    guarantee(context, 'by skip and limit gives every document once', async () => {
      const collection = await filled();
      const pages: number[] = [];
      for (let skip = 0; skip < 30; skip += 7) {
        const page = collection.find({ mailbox: 'm1' }).sort({ receivedAt: -1, _id: -1 }).skip(skip).limit(7);
        pages.push(...(await page.toArray()).map(({ _id }) => _id as number));
      }
      expect(pages).toEqual(newestFirst(ofMailbox));
    });

    guarantee(context, 'by the last document seen stays right while new ones come in', async () => {
      const collection = await filled();
      const seen: number[] = [];
      let after: { receivedAt: Date; _id: number } | undefined;
      for (let round = 0; round < 6; round++) {
        const filter: Document = { mailbox: 'm1' };
        if (after !== undefined) {
          const { receivedAt, _id } = after;
          filter['$or'] = [{ receivedAt: { $lt: receivedAt } }, { receivedAt, _id: { $lt: _id } }];
        }
        const page = await collection.find(filter).sort({ receivedAt: -1, _id: -1 }).limit(4).toArray();
        seen.push(...page.map(({ _id }) => _id as number));
        after = (page.at(-1) as { receivedAt: Date; _id: number } | undefined) ?? after;
        await collection.insertOne({ _id: 1000 + round, mailbox: 'm1', receivedAt: new Date(1000 * DAY) });
      }
      expect(seen).toEqual(newestFirst(ofMailbox));
    });

    guarantee(context, 'over several mailboxes keeps the order of all', async () => {
      const collection = await filled();
      const wanted = MAILS.filter(({ mailbox }) => mailbox !== 'm0').map(({ _id }) => _id);
      const filter = { mailbox: { $in: ['m1', 'm2'] } };
      expect(await sorted(collection, { receivedAt: -1, _id: -1 }, filter)).toEqual(newestFirst(wanted));
    });
  });

  describe('sort', () => {
    guarantee(context, 'by several fields in different directions', async () => {
      const collection = await context.filled('sorted', [
        { _id: 1, a: 1, b: 1 },
        { _id: 2, a: 1, b: 2 },
        { _id: 3, a: 2, b: 1 },
        { _id: 4, b: 5 },
      ]);
      expect(await sorted(collection, { a: 1, b: -1 })).toEqual([4, 2, 1, 3]);
      expect(await sorted(collection, { a: -1, b: 1 })).toEqual([3, 1, 2, 4]);
    });

    guarantee(
      context,
      'by a field of sub-documents',
      async () => {
        const collection = await context.filled('nested', [
          { _id: 1, from: { name: 'c' } },
          { _id: 2, from: { name: 'a' } },
          { _id: 3, from: 'b' },
          { _id: 4, from: [{ name: 'd' }, { name: 'b' }] },
        ]);
        expect(await sorted(collection, { 'from.name': 1 })).toEqual([3, 2, 4, 1]);
      },
      { ferretdb: 'orders arrays of documents otherwise' },
    );

    guarantee(
      context,
      'by $natural gives documents as they came, and backwards',
      async () => {
        const collection = await context.filled('natural', [{ _id: 3 }, { _id: 1 }, { _id: 2 }]);
        expect(await sorted(collection, { $natural: 1 })).toEqual([3, 1, 2]);
        expect(await sorted(collection, { $natural: -1 })).toEqual([2, 1, 3]);
      },
      { ferretdb: 'knows $natural only for capped collections' },
    );

    guarantee(context, 'refuses directions other than 1 and -1', async () => {
      const find = { find: context.collection('bad').collectionName, sort: { a: 2 } };
      expect(await codeOf(context.db.command(find))).toBe(15975);
    });
  });
}
