import type { GmailBackfill } from '../mail-reader.port.js';
import { type Harvest, harvest, type HarvestSources } from './gmail-harvest.js';
import { isBehind, type Slice, sliceFrom } from './gmail-slice.js';

/** A batch of the mails that were there before, and what is still to come behind it; null: nothing. */
export interface BackfillStep {
  readonly harvested: Harvest;
  readonly rest: GmailBackfill | null;
}

interface Bounds {
  /** Milliseconds since 1970: mails received before are not wanted. */
  readonly since: number;
  /** Ids that the caller has from elsewhere. */
  readonly without: ReadonlySet<string>;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Fetches what was there before, in slices of time, oldest first. The last batch of a slice waits until it is known
 * whether anything follows, so that the very last one says so.
 */
export async function* backfill(
  start: GmailBackfill,
  bounds: Bounds,
  sources: HarvestSources,
): AsyncGenerator<BackfillStep, undefined> {
  let waiting: BackfillStep | null = null;
  try {
    for await (const step of steps(start, bounds, sources)) {
      if (waiting) yield waiting;
      waiting = step.endsSlice ? step : null;
      if (!step.endsSlice) yield step;
    }
  } catch (error) {
    if (waiting) yield waiting;
    throw error;
  }
  if (waiting) yield { ...waiting, rest: null };
}

async function* steps(
  start: GmailBackfill,
  { since, without, now }: Bounds,
  sources: HarvestSources,
): AsyncGenerator<BackfillStep & { readonly endsSlice: boolean }, undefined> {
  for (let rest: GmailBackfill | null = start; rest !== null;) {
    const slice: Slice = await nextSlice(rest, sources, now());
    const ids = slice.ids.filter((id) => !without.has(id));
    const wanted = { from: Math.max(since, slice.from * 1_000), to: slice.to === null ? Infinity : slice.to * 1_000 };
    if (ids.length === 0) rest = behind(rest, slice, ids, EMPTY);
    for await (const harvested of harvest(ids, wanted, sources)) {
      rest = behind(rest ?? start, slice, ids, harvested);
      const endsSlice = harvested.done === ids.length;
      yield { harvested: isOfTheImport(start, slice) ? harvested : { ...harvested, alreadyKnown: 0 }, rest, endsSlice };
    }
  }
}

export const EMPTY: Harvest = { mails: [], unreadable: [], alreadyKnown: 0, done: 0 };

async function nextSlice(rest: GmailBackfill, { inbox }: HarvestSources, now: number): Promise<Slice> {
  const { from, began, slice } = rest;
  const slices = { from, to: slice ? slice.to : from < began ? began : null };
  const found = await sliceFrom(inbox, slices, now);
  return slice ? { ...found, ids: found.ids.filter((id) => isBehind(id, slice.after)) } : found;
}

/** What was received after the beginning has come in by the history as well, and is no part of what there was. */
const isOfTheImport = ({ began }: GmailBackfill, { from }: Slice): boolean => from < began;

/** What is left behind so many of the ids of a slice. */
function behind(before: GmailBackfill, slice: Slice, ids: readonly string[], harvested: Harvest): GmailBackfill | null {
  const { mails, unreadable, alreadyKnown, done } = harvested;
  const left = Math.max(0, before.left - mails.length - unreadable.length - alreadyKnown);
  const { began, oldest } = before;
  if (done < ids.length) {
    return { from: slice.from, slice: { to: slice.to, after: ids[done - 1] ?? '' }, began, left, oldest };
  }
  return slice.to === null ? null : { from: slice.to, began, left, oldest };
}
