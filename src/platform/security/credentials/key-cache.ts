/**
 * Unwrapped keys, for a short time and in a bounded number: the least recently used leaves first. A key that another
 * instance destroys is therefore in use for `lifetimeMs` more at most.
 */
export class KeyCache<Key> {
  private readonly entries = new Map<string, { readonly key: Key; readonly until: number }>();

  constructor(
    private readonly capacity: number,
    private readonly lifetimeMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  get(id: string): Key | undefined {
    const entry = this.entries.get(id);
    if (entry === undefined) return undefined;
    this.entries.delete(id);
    if (entry.until <= this.now()) return undefined;
    this.entries.set(id, entry);
    return entry.key;
  }

  /** `until` counts from the first keeping: being used does not prolong a key's stay. */
  set(id: string, key: Key): void {
    this.entries.delete(id);
    this.entries.set(id, { key, until: this.now() + this.lifetimeMs });
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.capacity && oldest !== undefined) this.entries.delete(oldest);
  }

  delete(id: string): void {
    this.entries.delete(id);
  }
}
