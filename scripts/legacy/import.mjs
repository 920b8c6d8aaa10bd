// `npm run legacy:import -- <file> [--from-line <n>]`: sends a file of old settings (CSV, or NDJSON by the name .ndjson
// or .jsonl) to a running service, some hundred lines at a time, and tells how far it is and which lines were refused.
// A service that is away for a moment is waited for. Where it stops it says from which line to go on; sending
// everything again does no harm either. SERVICE_URL says where the service is (http://127.0.0.1:3000), ACCESS_TOKEN is
// the token of an admin of the company; a token is never taken as an argument, which other people on the machine see.
// Ends with 0 when every line was taken, 2 when some were refused, 1 when it could not go on.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { build } from '../steps/build.mjs';
import { LegacyService } from './legacy-service.mjs';

const READERS = '../../dist/src/modules/legacy-settings/upload/';
const isJapanese = !/^en/i.test(process.env.LC_ALL || process.env.LANG || '');
const language = isJapanese ? 'ja' : 'en';

const { file, fromLine } = argumentsOf(process.argv.slice(2));
const { SERVICE_URL = 'http://127.0.0.1:3000', ACCESS_TOKEN: token } = process.env;
if (!token) fail('ACCESS_TOKEN is not set: it has to be the token of an admin of the company.');
const size = await sizeOf(file);
// A built service brings its readers along; a fresh checkout has to build them.
if (!existsSync(new URL(READERS, import.meta.url))) await build();
const { faultText, FileUnusable, linesOf } = await import('./file-lines.mjs');

const service = new LegacyService({ url: SERVICE_URL, token, language, tell: (text) => console.error(text) });
const total = { accepted: 0, unchanged: 0, rejected: 0 };
let next = fromLine;
try {
  const { batches, progress } = linesOf(file, fromLine);
  for await (const batch of batches) {
    await send(batch);
    next = batch.at(-1).line + 1;
    console.error(`${Math.floor((100 * progress.bytes) / size)} %, up to line ${next - 1}: ${summary()}`);
  }
  if (next === fromLine) fail('There is not a single line to import in the file.');
  console.log(summary());
  process.exitCode = total.rejected > 0 ? 2 : 0;
} catch (error) {
  if (error instanceof FileUnusable) fail(error.textIn(language));
  fail(`${error.message}\nIt stopped before line ${next}. Go on with: --from-line ${next}`);
}

/** Sends what can be read of these lines, and tells every line that was refused, here or there. */
async function send(batch) {
  const readable = batch.filter(({ values }) => values !== undefined);
  const { accepted, unchanged, rejected } = await service.import(
    readable.map(({ values }) => Object.fromEntries(values)),
  );
  const refused = [
    ...batch.filter(({ fault }) => fault !== undefined).map((line) => ({ line: line.line, code: line.fault, detail: faultText(line, language) })), // prettier-ignore
    ...rejected.map(({ line, ...why }) => ({ line: readable[line - 1].line, ...why })),
  ];
  for (const { line, code, detail } of refused.sort((a, b) => a.line - b.line)) console.log(`line ${line}: ${code} ${detail}`); // prettier-ignore
  total.accepted += accepted;
  total.unchanged += unchanged;
  total.rejected += refused.length;
}

function argumentsOf([path, option, value, ...more]) {
  const line = option === undefined ? 1 : Number(value);
  const isRight = path !== undefined && (option === undefined || option === '--from-line') && more.length === 0;
  if (!isRight || !Number.isInteger(line) || line < 1) {
    fail('Usage: npm run legacy:import -- <file.csv|file.ndjson> [--from-line <n>]');
  }
  return { file: path, fromLine: line };
}

async function sizeOf(path) {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) fail(`There is no file ${path}.`);
  return found.size;
}

function summary() {
  const { accepted, unchanged, rejected } = total;
  return `${accepted} accepted, ${unchanged} unchanged, ${rejected} rejected`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
