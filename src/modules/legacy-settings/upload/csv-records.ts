import { LONGEST_LINE, type LineFault, UNDECODABLE, type UploadLine } from './upload-record.js';

/** A field and what ends it (RFC 4180); `$` is an end only where the upload ends. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
const LINE_END = /\r\n|\n|\r/g;

/** Thrown when the first line does not name the columns: nothing that follows could be understood. */
export class NoHeaderRow extends Error {
  override readonly name = 'NoHeaderRow';
}

/**
 * Reads CSV (RFC 4180) as it comes: the first line names the columns, in any order and case. A line that is no
 * record is told and left out; when its fault is a quotation mark that never ends, reading goes on with the very next
 * line, so one slip does not swallow the rest of the file. Lines end with CRLF, LF or CR; empty ones do not count.
 * Throws NoHeaderRow.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  isHeader: (columns: readonly string[]) => boolean,
): AsyncGenerator<UploadLine> {
  let columns: readonly string[] | null = null;
  for await (const { line, fields, fault } of rows(text)) {
    if (columns === null) {
      columns = (fields ?? []).map((name) => name.trim().toLowerCase());
      if (!isHeader(columns)) throw new NoHeaderRow();
    } else if (fields === undefined) yield { line, fault };
    else if (fields.length > 1 || fields[0] !== '') yield toLine(line, columns, fields);
  }
  if (columns === null) throw new NoHeaderRow();
}

function toLine(line: number, columns: readonly string[], fields: readonly string[]): UploadLine {
  if (fields.length !== columns.length) return { line, fault: 'line_malformed' };
  if (fields.some((field) => field.includes(UNDECODABLE))) return { line, fault: 'line_not_decodable' };
  return { line, values: new Map(columns.map((name, index) => [name, fields[index] ?? ''])) };
}

type Row = { readonly line: number } & (
  | { readonly fields: readonly string[]; readonly fault?: undefined }
  | { readonly fields?: undefined; readonly fault: LineFault }
);

async function* rows(text: AsyncIterable<string>): AsyncGenerator<Row> {
  const scanner = new RowScanner();
  for await (const chunk of text) yield* scanner.take(chunk, false);
  yield* scanner.take('', true);
}

/** Cuts text into rows; holds back no more than one row that has not ended yet. */
class RowScanner {
  private rest = '';
  private at = 0;
  private line = 1;
  /** Within a line that is too long: everything up to its end is left out. */
  private skipping = false;

  *take(chunk: string, isLast: boolean): Generator<Row> {
    this.rest = this.rest.slice(this.at) + chunk;
    this.at = 0;
    for (let row = this.next(isLast); row !== null; row = this.next(isLast)) if (row !== 'skipped') yield row;
  }

  private next(isLast: boolean): Row | 'skipped' | null {
    if (this.skipping) return this.skip(isLast);
    if (this.at === this.rest.length) return null;
    const scanned = scanRow(this.rest, this.at, isLast);
    if (scanned !== null && scanned !== 'malformed') return this.accept(scanned);
    if (scanned === null && this.rest.length - this.at <= LONGEST_LINE) return null;
    const line = this.line;
    this.skipping = true;
    return { line, fault: scanned === null ? 'line_too_long' : 'line_malformed' };
  }

  private accept({ fields, end }: ScannedRow): Row {
    const line = this.line;
    this.line += this.rest.slice(this.at, end).match(LINE_END)?.length ?? 0;
    this.at = end;
    return { line, fields };
  }

  /** Goes to the beginning of the next line. */
  private skip(isLast: boolean): 'skipped' | null {
    LINE_END.lastIndex = this.at;
    const found = LINE_END.exec(this.rest);
    const isCut = found !== null && found[0] === '\r' && LINE_END.lastIndex === this.rest.length && !isLast;
    if (found === null || isCut) {
      this.at = isCut ? found.index : this.rest.length;
      return null;
    }
    this.at = LINE_END.lastIndex;
    this.line += 1;
    this.skipping = false;
    return 'skipped';
  }
}

interface ScannedRow {
  readonly fields: readonly string[];
  /** Behind the line's end. */
  readonly end: number;
}

/** The row that begins here; null: its end has not come yet. */
function scanRow(text: string, from: number, isLast: boolean): ScannedRow | 'malformed' | null {
  const fields: string[] = [];
  FIELD.lastIndex = from;
  for (;;) {
    const start = FIELD.lastIndex;
    const found = FIELD.exec(text);
    if (found === null) return !isLast && mayStillEnd(text, start) ? null : 'malformed';
    const [, quoted, plain, end] = found;
    if (!isLast && FIELD.lastIndex === text.length && !isEnd(end)) return null;
    fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') return { fields, end: FIELD.lastIndex };
  }
}

/** Where the text is cut a field may go on, and CR may be the first half of CRLF. */
const isEnd = (end: string | undefined): boolean => end !== '' && end !== '\r';

/** Whether a field that does not end properly could do so with more text: a quotation mark is open to the end. */
function mayStillEnd(text: string, start: number): boolean {
  if (text[start] !== '"') return false;
  const quotes = text.slice(start).match(/^"[^"]*(?:""[^"]*)*/)?.[0].length ?? 0;
  return start + quotes === text.length;
}
