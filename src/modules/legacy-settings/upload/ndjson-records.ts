import { UNDECODABLE, type UploadLine } from './upload-record.js';
import { uploadLines } from './upload-lines.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Reads one JSON object a line (NDJSON) as it comes. Numbers and booleans count as the text they are written as;
 * null and missing members are empty. Empty lines do not count.
 */
export async function* ndjsonRecords(text: AsyncIterable<string>): AsyncGenerator<UploadLine> {
  let line = 0;
  for await (const content of uploadLines(text)) {
    line += 1;
    if (content === null) yield { line, fault: 'line_too_long' };
    else if (content.trim() !== '') yield toLine(line, content);
  }
}

function toLine(line: number, content: string): UploadLine {
  if (content.includes(UNDECODABLE)) return { line, fault: 'line_not_decodable' };
  const values = valuesIn(content);
  return values === null ? { line, fault: 'line_malformed' } : { line, values };
}

function valuesIn(content: string): Map<string, string> | null {
  const parsed = parse(content);
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return null;
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) return null;
    values.set(name.toLowerCase(), value === null ? '' : String(value));
  }
  return values;
}

/** What the parser says about a bad line quotes it, passwords and all; nobody gets to see that. */
function parse(content: string): unknown {
  try {
    return JSON.parse(content.replaceAll(BYTE_ORDER_MARK, ''));
  } catch {
    return null; // told as line_malformed
  }
}
