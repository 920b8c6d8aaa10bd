import { type RejectionParams } from '@libs/eventsourcing';

/** One line of an upload, its values by column, all of them still text. */
export interface UploadRecord {
  /** Where it begins in the file, 1 for the first line. */
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
}

/** A line that is not to be imported. What is wrong is told without the line's content: a password may stand in it. */
export interface FaultyLine {
  readonly line: number;
  readonly fault: LineFault;
  /** What the text about the fault names. */
  readonly params?: RejectionParams;
}
export type LineFault = 'line_malformed' | 'line_too_long' | 'line_not_decodable' | 'legacy_person_twice';

export type UploadLine = UploadRecord | FaultyLine;

/** Longer than any real line, and short enough to hold. In UTF-16 code units. */
export const LONGEST_LINE = 16_384;

/** What bytes became that mean nothing in the encoding of the file. */
export const UNDECODABLE = '\uFFFD';
