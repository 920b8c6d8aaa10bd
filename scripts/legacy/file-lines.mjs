// The lines of a file of old settings, read by the service's own readers: both understand a file in the same way, and
// line numbers are those of the file.
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { csvRecords, NoHeaderRow } from '../../dist/src/modules/legacy-settings/upload/csv-records.js';
import { decodeUpload } from '../../dist/src/modules/legacy-settings/upload/decode-upload.js';
import { LEGACY_COLUMNS, legacyColumnRules } from '../../dist/src/modules/legacy-settings/upload/legacy-columns.js';
import { ndjsonRecords } from '../../dist/src/modules/legacy-settings/upload/ndjson-records.js';
import { oncePerPerson } from '../../dist/src/modules/legacy-settings/upload/once-per-person.js';
import { reject } from '../../dist/src/modules/legacy-settings/legacy-settings.errors.js';

/** Lines that are sent together: a second of work or so, and what is sent again after a break. */
const BATCH = 500;

/** Nothing in the file can be imported. */
export class FileUnusable extends Error {
  textIn(language) {
    return reject('legacy_header_invalid', { columns: LEGACY_COLUMNS.join(',') }).detail[language];
  }
}

/** What is wrong with a line that is not to be sent, as the service would say it. */
export const faultText = ({ fault, params }, language) => reject(fault, params).detail[language];

/** The file's lines from `fromLine` on, some at a time, nobody's twice in the whole file; `progress.bytes` is how much of the file has been read. */
export function linesOf(file, fromLine) {
  const progress = { bytes: 0 };
  return { batches: batches(oncePerPerson(lines(file, progress)), fromLine), progress };
}

async function* batches(all, fromLine) {
  let batch = [];
  for await (const line of all) {
    if (line.line < fromLine) continue;
    batch.push(line);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* lines(file, progress) {
  const text = decodeUpload(counted(createReadStream(file), progress));
  const isNdjson = /^\.(ndjson|jsonl)$/i.test(extname(file));
  try {
    yield* isNdjson ? ndjsonRecords(text) : csvRecords(text, legacyColumnRules);
  } catch (error) {
    throw error instanceof NoHeaderRow ? new FileUnusable() : error;
  }
}

async function* counted(chunks, progress) {
  for await (const chunk of chunks) {
    progress.bytes += chunk.length;
    yield chunk;
  }
}
