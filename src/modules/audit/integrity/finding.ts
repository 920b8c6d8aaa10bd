import { type Position } from '@libs/eventsourcing';

/**
 * What can be wrong with the record:
 * - `changed`: the event is not what was written at this place (changed, exchanged with another, or forged)
 * - `missing`: events in front of this one are gone
 * - `unchained`: the event does not follow the one before it (inserted, or its predecessor was replaced)
 * - `malformed`: it is in no form that the service ever writes
 * - `truncated`: the stream was sealed with more events than it has now
 * - `rewritten`: the stream was changed after it was sealed, its hashes made to fit
 * - `seal_missing`, `seal_invalid`, `seal_key_unknown`: the seals themselves
 */
export type FindingKind =
  | 'changed'
  | 'missing'
  | 'unchained'
  | 'malformed'
  | 'truncated'
  | 'rewritten'
  | 'seal_missing'
  | 'seal_invalid'
  | 'seal_key_unknown';

/** Something that is wrong, and where. */
export interface Finding {
  readonly kind: FindingKind;
  /** The stream, or `seals of {company}`. */
  readonly stream: string;
  /** Revision of the event, or number of the seal. */
  readonly revision: number;
  readonly position: Position;
  /** Of the event; null where there is none any more. */
  readonly eventId: string | null;
}

const MOST_KEPT = 100;

/** Findings in the order in which they were made; the first hundred are kept, all are counted. */
export class Findings {
  readonly kept: Finding[] = [];
  count = 0;
  /** The smallest position of all. */
  firstBroken: Position | null = null;

  add(finding: Finding): void {
    this.count += 1;
    if (this.kept.length < MOST_KEPT) this.kept.push(finding);
    if (this.firstBroken === null || finding.position < this.firstBroken) this.firstBroken = finding.position;
  }
}
