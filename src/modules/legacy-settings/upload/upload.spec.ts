import iconv from 'iconv-lite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnRules, csvRecords, NoHeaderRow } from './csv-records.js';
import { decodeUpload } from './decode-upload.js';
import { LEGACY_COLUMNS, legacyColumnRules } from './legacy-columns.js';
import { ndjsonRecords } from './ndjson-records.js';
import { LONGEST_LINE, type UploadLine } from './upload-record.js';

async function* pieces<Piece>(...all: readonly Piece[]): AsyncGenerator<Piece> {
  for (const piece of all) yield piece;
}
async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const simple = (lines: readonly UploadLine[]) =>
  lines.map((line) => ('fault' in line ? [line.line, line.fault] : [line.line, ...line.values.values()]));
/** Any columns; those that are called `maybe` need no value. */
const anyColumns: ColumnRules = { areAllThere: () => true, mayBeEmpty: (column) => column.startsWith('maybe') };
const csv = async (...text: readonly string[]) => simple(await all(csvRecords(pieces(...text), anyColumns)));
const ndjson = async (...text: readonly string[]) => simple(await all(ndjsonRecords(pieces(...text))));
/** Text cut at every place it can be cut at. */
const oneByOne = (text: string): string[] => [...text].flatMap((character) => character.split(''));

describe('CSV', () => {
  it('is read by the names of its columns, whatever ends its lines', async () => {
    const found = await all(csvRecords(pieces('userId, HOST\r\ntaro,a\njiro,b\rmisaki,c'), anyColumns));
    expect(found.map((line) => 'values' in line && Object.fromEntries(line.values))).toEqual([
      { userid: 'taro', host: 'a' },
      { userid: 'jiro', host: 'b' },
      { userid: 'misaki', host: 'c' },
    ]);
    expect(found.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('has quoted fields with commas and quotation marks in them', async () => {
    const text = 'a,b\r\n"1,2","say ""hi"""\r\nlast,y\r\n';
    const expected = [[2, '1,2', 'say "hi"'], [3, 'last', 'y']]; // prettier-ignore
    expect(await csv(text)).toEqual(expected);
    expect(await csv(...oneByOne(text))).toEqual(expected);
  });

  it('has no line ends in its fields: every line stands for itself', async () => {
    const text = 'a,b\r\n"two\r\nlines",x\r\nlast,y\r\n';
    const expected = [[2, 'line_malformed'], [3, 'line_malformed'], [4, 'last', 'y']]; // prettier-ignore
    expect(await csv(text)).toEqual(expected);
    expect(await csv(...oneByOne(text))).toEqual(expected);
  });

  it('loses no line between two quotation marks that belong to different ones', async () => {
    const between = Array.from({ length: 28 }, (_, n) => `user-${n},secret`);
    const found = await csv(['userid,password', 'taro,"p4ss', ...between, 'jiro,word"', 'last,ok'].join('\r\n'));
    expect(found[0]).toEqual([2, 'line_malformed']);
    expect(found.slice(1, 29)).toEqual(between.map((row, n) => [n + 3, ...row.split(',')]));
    expect(found.slice(29)).toEqual([[31, 'line_malformed'], [32, 'last', 'ok']]); // prettier-ignore
  });

  it('may leave out empty fields at the end, as Excel does, or have too many', async () => {
    const text = 'a,b,maybe,maybe too\nonly\n1,2\n3,4,5\n6,7,8,9\n10,11,12,13,,\n14,15,16,17,,x\n';
    expect(await csv(text)).toEqual([
      [2, 'line_malformed'],
      [3, '1', '2', '', ''],
      [4, '3', '4', '5', ''],
      [5, '6', '7', '8', '9'],
      [6, '10', '11', '12', '13'],
      [7, 'line_malformed'],
    ]);
    const columns = [...LEGACY_COLUMNS.filter((name) => name !== 'password'), 'password', 'importSince', 'memo'];
    const short = 'sample,taro,taro@sample.example,,imap,ssl,imap.gmail.com,993,taro,2019-04-01,true';
    const found = await all(csvRecords(pieces(`${columns.join(',')}\n${short}\n`), legacyColumnRules));
    expect(found.map((line) => 'values' in line && line.values.get('importsince'))).toEqual(['']);
  });

  it('tells bad lines and keeps the good ones', async () => {
    const text = 'a,b\nfew\n1,2\n3,4,5\nx"y,z\n"shut"late,z\n6,\uFFFD\n\n7,8';
    expect(await csv(...oneByOne(text))).toEqual([
      [2, 'line_malformed'],
      [3, '1', '2'],
      [4, 'line_malformed'],
      [5, 'line_malformed'],
      [6, 'line_malformed'],
      [7, 'line_not_decodable'],
      [9, '7', '8'],
    ]);
  });

  it('loses one line, and not the rest of the file, to a quotation mark that never ends', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => `${n},value`);
    const found = await csv(`a,b\n"open,x\n${many.join('\n')}`);
    expect(found[0]).toEqual([2, 'line_malformed']);
    expect(found).toHaveLength(3_001);
    expect(found.at(-1)).toEqual([3_002, '2999', 'value']);
  });

  it('holds back no line that is too long', async () => {
    const found = await csv('a\n', ...Array.from({ length: 40 }, () => 'x'.repeat(LONGEST_LINE / 8)), '\nok\n');
    expect(found).toEqual([[2, 'line_too_long'], [3, 'ok']]); // prettier-ignore
  });

  it('takes no line that is too long, wherever it is cut', async () => {
    const text = `a\r\n${'x'.repeat(LONGEST_LINE)}\r\n${'y'.repeat(LONGEST_LINE + 1)}\r\nok`;
    const expected = [[2, 'x'.repeat(LONGEST_LINE)], [3, 'line_too_long'], [4, 'ok']]; // prettier-ignore
    for (const at of [0, 10, LONGEST_LINE + 3, LONGEST_LINE + 4, text.length - 5, text.length - 4, text.length - 3]) {
      expect(await csv(text.slice(0, at), text.slice(at))).toEqual(expected);
    }
  });

  it('needs its first line', async () => {
    await expect(all(csvRecords(pieces<string>(), anyColumns))).rejects.toThrow(NoHeaderRow);
    await expect(all(csvRecords(pieces('a,b\n1,2'), legacyColumnRules))).rejects.toThrow(NoHeaderRow);
  });

  it('gives back what was written, wherever it is cut', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '漢', ',', '"', ' ') });
    const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 }),
        fc.nat(40),
        async (rows, cut) => {
          const text = ['"x","y"', ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
          const found = await csv(text.slice(0, cut), text.slice(cut));
          expect(found.map(([, ...values]) => values)).toEqual(rows);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('accounts for every line of any text, and says the same wherever it is cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '\r\n', '\uFFFD'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60), { maxLength: 5 }), async (body, cuts) => {
        const whole = `x,y\n${body}`;
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const found = await csv(whole);
        expect(await csv(...places.map((at, n) => whole.slice(at, places[n + 1])))).toEqual(found);
        expect(await csv(...oneByOne(whole))).toEqual(found);
        const lines = body.split(/\r\n|\n|\r/).map((content, n) => ({ content, line: n + 2 }));
        const written = lines.filter(({ content }) => content !== '').map(({ line }) => line);
        expect(found.map(([line]) => line)).toEqual(written);
      }),
      { numRuns: 500 },
    );
  });
});

describe('NDJSON', () => {
  it('takes an object a line, with numbers and choices as text', async () => {
    const text = '{"userId":"taro","port":993,"shareByDefault":true,"name":null}\n\n{"userId":"jiro"}';
    expect(await ndjson(...oneByOne(text))).toEqual([
      [1, 'taro', '993', 'true', ''],
      [3, 'jiro'],
    ]);
  });

  it('tells lines that are none, and goes on', async () => {
    const long = `{"a":"${'x'.repeat(LONGEST_LINE)}"}`;
    expect(await ndjson(`[1]\n{"a":{}}\n{"a":\n${long}\n`, '"text"\n{"a":"b"}\n')).toEqual([
      [1, 'line_malformed'],
      [2, 'line_malformed'],
      [3, 'line_malformed'],
      [4, 'line_too_long'],
      [5, 'line_malformed'],
      [6, 'b'],
    ]);
  });
});

describe('the bytes of an upload', () => {
  const text = `${'a,'.repeat(50)}\r\n髙橋①㈱,表ソ能,ｶﾅ\r\n`;
  const decoded = async (...bytes: readonly Uint8Array[]): Promise<string> =>
    (await all(decodeUpload(pieces(...bytes)))).join('');
  const bytewise = (bytes: Buffer): Uint8Array[] => [...bytes].map((byte) => Uint8Array.of(byte));

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['CP932 as Excel writes it', iconv.encode(text, 'cp932')],
  ])('are understood as %s, however they are cut', async (_, bytes) => {
    expect(await decoded(bytes)).toBe(text);
    expect(await decoded(...bytewise(bytes))).toBe(text);
  });

  it('are told apart by what comes long after the beginning', async () => {
    const long = 'plain ascii,'.repeat(20_000) + '日本語';
    expect(await decoded(iconv.encode(long, 'cp932'))).toBe(long);
    expect(await decoded(Buffer.from(long))).toBe(long);
  });

  it('show what is damaged', async () => {
    const damaged = Buffer.concat([Buffer.from('日本語'.repeat(30_000)), Buffer.from([0xff, 0xfe]), Buffer.from('\n')]);
    expect(await decoded(damaged)).toContain('\uFFFD');
  });
});
