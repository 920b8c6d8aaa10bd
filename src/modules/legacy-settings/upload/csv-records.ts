import { UNDECODABLE, type UploadLine } from './upload-record.js';
import { uploadLines } from './upload-lines.js';

/** A field and what ends it (RFC 4180), within one line. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|$)/y;

/** Thrown when the first line does not name the columns: nothing that follows could be understood. */
export class NoHeaderRow extends Error {
  override readonly name = 'NoHeaderRow';
}

/** What a file's columns have to be. They come in lower case. */
export interface ColumnRules {
  areAllThere(columns: readonly string[]): boolean;
  mayBeEmpty(column: string): boolean;
}

/**
 * Reads CSV (RFC 4180) as it comes: the first line names the columns, in any order and case. Every line is a record or
 * has a fault, by itself: a quoted field that goes on in the next line is a fault, because no column needs a line break,
 * while a forgotten quotation mark would swallow the lines up to the next one and make one person of two. Fields at the
 * end that are empty may be left out, as Excel does, or be too many. Empty lines do not count. Throws NoHeaderRow.
 */
export async function* csvRecords(text: AsyncIterable<string>, rules: ColumnRules): AsyncGenerator<UploadLine> {
  let columns: readonly string[] | null = null;
  let line = 0;
  for await (const content of uploadLines(text)) {
    line += 1;
    if (columns === null) {
      columns = (fieldsOf(content ?? '') ?? []).map((name) => name.trim().toLowerCase());
      if (!rules.areAllThere(columns)) throw new NoHeaderRow();
    } else if (content === null) yield { line, fault: 'line_too_long' };
    else if (content !== '') yield toLine(line, content, columns, rules);
  }
  if (columns === null) throw new NoHeaderRow();
}

function toLine(line: number, content: string, columns: readonly string[], rules: ColumnRules): UploadLine {
  const fields = fieldsOf(content);
  if (fields === null || !isWhole(fields, columns, rules)) return { line, fault: 'line_malformed' };
  if (content.includes(UNDECODABLE)) return { line, fault: 'line_not_decodable' };
  return { line, values: new Map(columns.map((name, index) => [name, fields[index] ?? ''])) };
}

/** Whether only empty fields are missing or too many, at the end. */
function isWhole(fields: readonly string[], columns: readonly string[], rules: ColumnRules): boolean {
  const missing = columns.slice(fields.length);
  const surplus = fields.slice(columns.length);
  return missing.every((column) => rules.mayBeEmpty(column)) && surplus.every((field) => field === '');
}

/** null: its quotation marks do not match. */
function fieldsOf(line: string): readonly string[] | null {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const found = FIELD.exec(line);
    if (found === null) return null;
    const [, quoted, plain, end] = found;
    fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') return fields;
  }
}
