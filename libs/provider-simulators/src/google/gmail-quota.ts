const WINDOW_MS = 60_000;

/** Units of a project made after 1 May 2026, and of one that used the API before (reference/quota). */
export const gmailPrices = {
  new: { perMinuteAndUser: 6_000, get: 20 },
  old: { perMinuteAndUser: 15_000, get: 5 },
} as const;

/** Counts quota units by user in a sliding minute, refuses what goes beyond, and remembers how far it went. */
export class GmailQuota {
  prices: { readonly perMinuteAndUser: number; readonly get: number } = gmailPrices.new;
  private readonly spent = new Map<string, { readonly at: number; readonly units: number }[]>();
  private readonly peaks = new Map<string, number>();
  private refused = 0;

  constructor(private readonly now: () => number) {}

  /** How often somebody asked for more than there was. */
  get refusals(): number {
    return this.refused;
  }

  /** The most units that the user spent in any minute. */
  peakOf(user: string): number {
    return this.peaks.get(user) ?? 0;
  }

  /** False, and nothing spent: the minute has too few left. */
  spend(user: string, units: number): boolean {
    const now = this.now();
    const recent = (this.spent.get(user) ?? []).filter(({ at }) => at > now - WINDOW_MS);
    const sum = recent.reduce((total, entry) => total + entry.units, units);
    this.spent.set(user, recent);
    if (sum > this.prices.perMinuteAndUser) {
      this.refused += 1;
      return false;
    }
    recent.push({ at: now, units });
    this.peaks.set(user, Math.max(this.peakOf(user), sum));
    return true;
  }
}
