// `npm run docs`: writes the documents that are made from the code. `npm run docs -- --check` only says whether what
// is committed is what the code says, and fails when it is not.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { errorsDocument } from './docs/errors-document.mjs';
import { eventsDocument } from './docs/events-document.mjs';
import { openApi } from './docs/openapi-document.mjs';

const documents = {
  'docs/openapi.json': await openApi(),
  'docs/events.md': eventsDocument(),
  'docs/errors.md': await errorsDocument(),
};
const stale = Object.entries(documents).filter(
  ([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
);

if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is not what the code says: run "npm run docs" and commit it.`);
} else {
  for (const [file, text] of stale) {
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}
process.exit(process.argv.includes('--check') && stale.length > 0 ? 1 : 0);
