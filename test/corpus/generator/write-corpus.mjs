// Writes test/corpus/NNN-name.eml and .json from the samples here: `node test/corpus/generator/write-corpus.mjs`.
// A sample's expectation is written by hand from the standard or the mailer's habit, never taken from a parser.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { samples as addresses } from './samples-addresses.mjs';
import { samples as dates } from './samples-dates.mjs';
import { samples as encodedWords } from './samples-encoded-words.mjs';
import { samples as fileNames } from './samples-file-names.mjs';
import { samples as formsAndPhones } from './samples-forms-and-phones.mjs';
import { samples as hostile } from './samples-hostile.mjs';
import { samples as iso2022 } from './samples-iso-2022-jp.mjs';
import { samples as labels } from './samples-charset-labels.mjs';
import { samples as mailers } from './samples-mailers.mjs';
import { samples as structure } from './samples-structure.mjs';
import { samples as tnef } from './samples-winmail.mjs';
import { samples as wrongLabels } from './samples-wrong-labels.mjs';

const folder = new URL('../', import.meta.url);
for (const name of readdirSync(folder)) if (/\.(?:eml|json)$/.test(name)) rmSync(new URL(name, folder));

const groups = { labels, wrongLabels, iso2022, encodedWords, addresses, dates, structure, fileNames, tnef, mailers, hostile, formsAndPhones };
let number = 0;
const seen = new Set();
for (const [group, samples] of Object.entries(groups)) {
  for (const { name, about, mail, expected } of samples) {
    if (seen.has(name)) throw new Error(`two samples are called ${name}`);
    seen.add(name);
    const file = `${String(++number).padStart(3, '0')}-${name}`;
    writeFileSync(new URL(`${file}.eml`, folder), mail);
    writeFileSync(new URL(`${file}.json`, folder), `${JSON.stringify({ about, group, expected }, null, 2)}\n`);
  }
}
console.log(`${number} messages written`);
