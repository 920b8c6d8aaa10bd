// Writes libs/mail-parsing/COMPARISON.md: what plain mailparser and postal-mime give for the corpus, beside this library.
//   npm run build && node test/corpus/compare-parsers.mjs
// Both are given the benefit of the doubt: white space and empty lines do not count, of HTML only the words do, an
// attachment may lack a name that the message does not give, a name that repeats the address may be left out, and dates
// without a zone are read on a machine in Japan.
process.env.TZ = 'Asia/Tokyo';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { readMail } from '../../dist/libs/mail-parsing/src/index.js';

const folder = new URL('./', import.meta.url);

const ours = {
  name: 'libs/mail-parsing',
  read: async (source) => {
    const mail = readMail(source);
    return { ...mail, date: mail.date.instant, words: `${mail.preview} ${mail.text ?? ''}` };
  },
};
const mailparser = {
  name: 'mailparser 3.9.31',
  read: async (source) => {
    const mail = await simpleParser(source);
    const mailbox = ({ name, address }) => ({ name: name || null, address: address ?? '' });
    const list = (field) => [field ?? []].flat().flatMap(({ value }) => value.flatMap((one) => one.group ?? [one]).map(mailbox));
    return {
      subject: mail.subject ?? '', from: list(mail.from)[0] ?? null, to: list(mail.to), cc: list(mail.cc), replyTo: list(mail.replyTo),
      date: mail.date ?? null, messageId: mail.messageId ?? null, inReplyTo: mail.inReplyTo ?? null,
      references: [mail.references ?? []].flat(), text: mail.text ?? null, html: mail.html || null,
      words: `${mail.text ?? ''} ${stripped(mail.html || '')}`,
      attachments: mail.attachments.map((one) => ({ name: one.filename ?? null, type: one.contentType, size: one.size })),
    };
  },
};
const postalMime = {
  name: 'postal-mime 4.0.0',
  read: async (source) => {
    const mail = await PostalMime.parse(source);
    const mailbox = ({ name, address }) => ({ name: name || null, address: address ?? '' });
    const list = (field) => (field ?? []).flatMap((one) => one.group ?? [one]).map(mailbox);
    const date = new Date(mail.date ?? NaN);
    return {
      subject: mail.subject ?? '', from: mail.from ? list([mail.from])[0] ?? null : null, to: list(mail.to), cc: list(mail.cc), replyTo: list(mail.replyTo),
      date: Number.isNaN(date.getTime()) ? null : date, messageId: mail.messageId ?? null, inReplyTo: mail.inReplyTo ?? null,
      references: (mail.references ?? '').split(/\s+/).filter(Boolean), text: mail.text ?? null, html: mail.html ?? null,
      words: `${mail.text ?? ''} ${stripped(mail.html ?? '')}`,
      attachments: mail.attachments.map((one) => ({ name: one.filename, type: one.mimeType, size: one.content.byteLength })),
    };
  },
};

const stripped = (html) =>
  html
    .replace(/<style[^]*?<\/style>|<title[^]*?<\/title>|<\/?[a-z!][^>]*>/g, ' ')
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replaceAll('&nbsp;', ' ').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
const squeezed = (text) => text.replace(/\s+/g, '');
const sameText = (expected, actual) => squeezed(expected) === squeezed(actual ?? '');
const sameWords = (expected, actual) => sameText(stripped(expected), stripped(actual ?? ''));

/** What differs from the expectation, as "field: value"; empty when nothing does. */
function differences(expected, actual) {
  const found = [];
  const note = (field, value) => found.push(`${field}: ${shown(value)}`);
  for (const [field, value] of Object.entries(expected)) {
    if (field === 'text' && value !== null && !sameText(value, actual.text)) note(field, actual.text);
    else if (field === 'html' && value !== null && !sameWords(value, actual.html)) note(field, actual.html);
    else if (field === 'preview' && !squeezed(actual.words).includes(squeezed(value))) note('words', actual.words);
    else if (field === 'date') {
      const instant = actual.date?.toISOString().replace(/\.\d{3}Z$/, 'Z') ?? null;
      const now = actual.date !== null && Math.abs(actual.date - Date.now()) < 60_000;
      if (instant !== value) note(field, now ? 'the time of reading' : instant);
    } else if (field === 'attachments') {
      const names = actual.attachments.map(({ name }) => name);
      const wanted = value.map(({ name }, index) => name ?? names[index]);
      const unnamed = (name, index) => /^attachment-\d+\.|\.eml$/.test(name) && !names[index];
      const same = names.length === value.length && wanted.every((name, index) => name === names[index] || unnamed(name, index));
      if (!same) note('files', names.map((name) => name ?? 'unnamed').join(', ') || 'none');
    } else if (['subject', 'from', 'to', 'cc', 'replyTo', 'messageId', 'inReplyTo', 'references'].includes(field)) {
      if (JSON.stringify(sorted(value)) !== JSON.stringify(sorted(actual[field]))) note(field, actual[field]);
    }
  }
  return found;
}

const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return { address: value.address, name: value.name === value.address ? null : value.name };
};

function shown(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  const visible = text.replace(/[\0-\x1f\x7f\ud800-\udfff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).replace(/\\u000a/g, '⏎');
  const cell = visible.replaceAll('|', '\\|').replaceAll('`', "'").replaceAll('<', '&lt;');
  return cell.length > 60 ? `${cell.slice(0, 60)}…` : cell;
}

const silently = async (parser, source) => {
  try {
    return await parser.read(source);
  } catch (error) {
    return { error: error.message };
  }
};

const parsers = [mailparser, postalMime, ours];
const rows = [];
const right = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.eml'))) {
  const source = readFileSync(new URL(file, folder));
  const { about, group, expected } = JSON.parse(readFileSync(new URL(file.replace('.eml', '.json'), folder), 'utf8'));
  const cells = [];
  for (const parser of parsers) {
    const actual = await silently(parser, source);
    const wrong = actual.error === undefined ? differences(expected, actual) : [`throws: ${shown(actual.error)}`];
    const key = `${group}\0${parser.name}`;
    right.set(key, (right.get(key) ?? 0) + (wrong.length === 0 ? 1 : 0));
    cells.push(wrong.length === 0 ? 'ok' : wrong.join('<br>'));
  }
  rows.push({ group, name: file.slice(0, -4), about, cells });
}

const groups = [...new Set(rows.map(({ group }) => group))];
const count = (group) => rows.filter((row) => row.group === group).length;
const total = (parser) => groups.reduce((sum, group) => sum + right.get(`${group}\0${parser.name}`), 0);
const line = (cells) => `| ${cells.join(' | ')} |`;
const out = [
  '# What parsers make of the corpus', '',
  'Written by `test/corpus/compare-parsers.mjs`; every message is in `test/corpus`. "ok": everything that the sample is about came out as',
  'its author meant it; otherwise what came out instead. White space and empty lines do not count, of HTML only the words do.', '',
  line(['group', 'messages', ...parsers.map(({ name }) => name)]),
  line(['---', '--:', ...parsers.map(() => '--:')]),
  ...groups.map((group) => line([group, count(group), ...parsers.map(({ name }) => right.get(`${group}\0${name}`))])),
  line(['**all**', rows.length, ...parsers.map((parser) => `**${total(parser)}**`)]), '',
];
for (const group of groups) {
  out.push(`## ${group}`, '', line(['message', 'about', mailparser.name, postalMime.name]), line(['---', '---', '---', '---']));
  for (const row of rows.filter((one) => one.group === group)) {
    out.push(line([row.name, row.about.replaceAll('|', '\\|').replaceAll('<', '&lt;'), row.cells[0], row.cells[1]]));
    if (row.cells[2] !== 'ok') throw new Error(`${row.name}: ${row.cells[2]}`);
  }
  out.push('');
}
writeFileSync(new URL('../../libs/mail-parsing/COMPARISON.md', import.meta.url), out.join('\n'));
console.log(out.slice(5, 20).join('\n'));
