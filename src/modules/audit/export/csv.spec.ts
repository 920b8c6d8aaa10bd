import { describe, expect, it } from 'vitest';
import { BYTE_ORDER_MARK, csvLine } from './csv.js';

describe('a line of CSV', () => {
  it('quotes every field and ends as RFC 4180 wants it', () => {
    expect(csvLine(['a', '', '東京, 本社'])).toBe('"a","","東京, 本社"\r\n');
  });

  it('keeps quotes and line breaks inside a field', () => {
    expect(csvLine(['says "no"\nand goes'])).toBe('"says ""no""\nand goes"\r\n');
  });

  it.each([
    '=1+1',
    '+81312345678',
    '-2+3',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    ' =1+1',
    '　=1+1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM',
    "=cmd|' /C calc'!A0",
    '|calc',
    '%0A=1',
    '=HYPERLINK("http://evil.example","x")',
  ])('makes %j text, whatever spreadsheet opens it', (formula) => {
    expect(csvLine([formula]).startsWith(`"'`)).toBe(true);
    expect(csvLine([formula])).toContain(formula.replaceAll('"', '""'));
  });

  it.each(['mail.example.co.jp', '2026-11-22T01:00:00.000Z', '営業 太郎', '{"a":-1}', 'a=b', '10%'])(
    'leaves %j as it is',
    (text) => expect(csvLine([text])).toBe(`"${text.replaceAll('"', '""')}"\r\n`),
  );

  it('comes behind the mark by which Excel knows UTF-8', () => {
    expect([...Buffer.from(BYTE_ORDER_MARK)]).toEqual([0xef, 0xbb, 0xbf]);
  });
});
