import { z } from 'zod';
import { queryInteger } from './query-values.js';

/** What every list understands; a list with filters of its own extends it: `ListQuery.extend({ … })`. */
export const ListQuery = z.strictObject({
  limit: queryInteger(1, 200, 50),
  /** The `next` of the answer before. */
  after: z.string().min(1).max(2_000).optional(),
});
export type ListQuery = z.output<typeof ListQuery>;

/** The answer of a list: `next` is null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The schema of such an answer, for the API document. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/**
 * Cuts a page from up to `limit + 1` items: the one too many only says that there is more.
 * `cursorOf` gives the cursor that stands behind an item.
 */
export function toPage<Item>(found: readonly Item[], limit: number, cursorOf: (last: Item) => string): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
