// `npm run legacy:import -- <file> [--from-line <n>]`: sends a file of legacy settings (CSV or NDJSON) to a running
// service, in pieces of whole lines, and tells how far it is and which lines were refused. Where it stops it says from
// which line to go on; sending everything again does no harm either. SERVICE_URL says where the service is
// (http://127.0.0.1:3000), ACCESS_TOKEN is the token of an admin of the company; a token is never taken as an
// argument, which other people on the machine can see.
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { stat } from 'node:fs/promises';

const PIECE_BYTES = 262_144;
const LF = 0x0a;
const QUOTE = 0x22;

const { file, fromLine } = parseArguments(process.argv.slice(2));
const { SERVICE_URL = 'http://127.0.0.1:3000', ACCESS_TOKEN: token } = process.env;
if (token === undefined) fail('ACCESS_TOKEN is not set: it has to be the token of an admin of the company.');
const isCsv = !/^\.(ndjson|jsonl)$/i.test(extname(file));

let reached = 1;
try {
  await send();
} catch (error) {
  fail(`${error.message}\nIt stopped at line ${reached}. Go on with: --from-line ${reached}`);
}

async function send() {
  const { size } = await stat(file);
  const total = { accepted: 0, unchanged: 0, rejected: 0 };
  let header = null;
  let bytes = 0;
  for await (const piece of pieces(createReadStream(file))) {
    bytes += piece.bytes.length;
    if (isCsv && header === null) header = firstLineOf(piece.bytes);
    const isFirst = piece.line === 1;
    reached = piece.line;
    if (piece.nextLine <= fromLine) continue;
    const body = isCsv && !isFirst ? Buffer.concat([header, piece.bytes]) : piece.bytes;
    const answer = await post(body);
    const shift = isCsv && !isFirst ? piece.line - 2 : piece.line - 1;
    for (const { line, code, detail } of answer.rejected) console.log(`line ${line + shift}: ${code} ${detail}`);
    total.accepted += answer.accepted;
    total.unchanged += answer.unchanged;
    total.rejected += answer.rejected.length;
    console.error(`${Math.floor((100 * bytes) / size)} %, up to line ${piece.nextLine - 1}: ${summary(total)}`);
  }
  console.log(summary(total));
  process.exitCode = total.rejected > 0 ? 2 : 0;
}

async function post(body) {
  const response = await fetch(new URL('/api/v1/admin/legacy-settings', SERVICE_URL), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': isCsv ? 'text/csv' : 'application/x-ndjson',
    },
    body,
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(`${response.status} ${answer.code}: ${answer.detail}`);
}

/**
 * Cuts the file behind line ends that are not within quotation marks. In UTF-8 and in CP932 both are single bytes that
 * are part of no other character. A quotation mark that never ends is cut at the next line end; the service tells it.
 */
async function* pieces(chunks) {
  let rest = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= PIECE_BYTES) {
      const end = endOfPiece(rest);
      if (end === 0) break;
      const bytes = rest.subarray(0, end);
      const nextLine = line + count(bytes, LF);
      yield { bytes, line, nextLine };
      [rest, line] = [rest.subarray(end), nextLine];
    }
  }
  if (rest.length > 0) yield { bytes: rest, line, nextLine: line + count(rest, LF) + (rest.at(-1) === LF ? 0 : 1) };
}

function endOfPiece(bytes) {
  let isQuoted = false;
  let end = 0;
  let lastLineEnd = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE && isCsv) isQuoted = !isQuoted;
    if (bytes[at] !== LF) continue;
    lastLineEnd = at + 1;
    if (!isQuoted) end = at + 1;
  }
  return end === 0 && bytes.length > 4 * PIECE_BYTES ? lastLineEnd : end;
}

function firstLineOf(bytes) {
  const end = bytes.indexOf(LF);
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}

function count(bytes, wanted) {
  let found = 0;
  for (const byte of bytes) if (byte === wanted) found += 1;
  return found;
}

function parseArguments([path, option, value]) {
  if (path === undefined || (option !== undefined && option !== '--from-line')) {
    fail('Usage: npm run legacy:import -- <file.csv|file.ndjson> [--from-line <n>]');
  }
  return { file: path, fromLine: Number(value ?? 1) };
}

function summary({ accepted, unchanged, rejected }) {
  return `${accepted} accepted, ${unchanged} unchanged, ${rejected} rejected`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
