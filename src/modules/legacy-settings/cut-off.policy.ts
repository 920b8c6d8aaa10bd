import { japanDayOf } from '../user-mail-setting/index.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long before the providers' day the notice becomes a banner. */
const BANNER_DAYS = 30;

/** R11: whether a setting was registered on the cut-off day, in Japan, or before. */
export function isBeforeCutOff(registeredAt: string, cutOff: string): boolean {
  return japanDayOf(registeredAt) <= cutOff;
}

/** How urgent a legacy setting is shown as; `enforced` from the day on which the providers take no passwords (R09). */
export type MigrationStage = 'notice' | 'banner' | 'enforced';

/** The stage at this instant; null as the day: none is announced, and a notice is all there is. */
export function migrationStage(now: string, enforcedFrom: string | null): MigrationStage {
  if (enforcedFrom === null) return 'notice';
  const today = japanDayOf(now);
  if (today >= enforcedFrom) return 'enforced';
  const bannerFrom = new Date(new Date(`${enforcedFrom}T00:00:00Z`).getTime() - BANNER_DAYS * DAY_MS);
  return today >= bannerFrom.toISOString().slice(0, 10) ? 'banner' : 'notice';
}

/** How many days there are from today, in Japan, to this one; 0 once it has come. */
export function daysUntil(day: string, now: string): number {
  return Math.max(0, (Date.parse(day) - Date.parse(japanDayOf(now))) / DAY_MS);
}
