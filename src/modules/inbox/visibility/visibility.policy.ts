/** What of a decision says who may read the mail. */
export interface Ruling {
  readonly basis: 'default' | 'individual' | 'erased';
  readonly shared: boolean;
  readonly at: string;
}

/**
 * The decisions that had been made at an instant, in the order in which they are on the record. Never one without
 * those before it, whatever the clocks of instances say.
 */
export function decidedBy<Decision extends Ruling>(decisions: readonly Decision[], at: string): readonly Decision[] {
  const later = decisions.findIndex((decision) => decision.at > at);
  return later === -1 ? decisions : decisions.slice(0, later);
}

/** As whom a person may read a mail after this decision; null: not at all. The owner's rule comes first. */
export function readableAs(ruling: Ruling | undefined, owner: string, reader: string): 'owner' | 'colleague' | null {
  if (ruling === undefined || ruling.basis === 'erased') return null;
  if (reader === owner) return 'owner';
  return ruling.shared ? 'colleague' : null;
}
