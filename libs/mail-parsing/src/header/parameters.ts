import { decodeText } from '../charset/decode-text.js';
import { hexDigit } from '../mime/quoted-printable.js';

/** A header of the form `value; name=value; …` (RFC 2045 5.1, RFC 2183). */
export interface ParameterizedValue {
  /** In lower case, without comments; empty when the header is. */
  readonly value: string;
  /** Values as written: encoded words and RFC 2231 sections are still to be decoded (`parameterText`). */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_PARAMETERS = 1_000;
/** Behind so many letters nothing is a parameter any more. */
const MAX_LENGTH = 65_536;

/**
 * Reads the header, forgiving what mailers do: parameters without quotes around spaces, without the semicolon between
 * them, quotes that never close. Of a repeated parameter the first counts. Linear.
 *
 * @param header one line, raw bytes already decoded (`headerLine`)
 */
export function parseParameters(header: string): ParameterizedValue {
  const line = header.trimStart().slice(0, MAX_LENGTH);
  const value = /^[^;\s(]*/.exec(line)![0];
  const parameters = new Map<string, string>();
  let at = value.length;
  for (let count = 0; at < line.length && count < MAX_PARAMETERS; count++) {
    const equals = line.indexOf('=', at);
    if (equals === -1) break;
    const name = lastToken(line.slice(at, equals));
    const [text, end] = readValue(line, equals + 1);
    if (name !== '' && !parameters.has(name)) parameters.set(name, text);
    at = end;
  }
  return { value: value.toLowerCase(), parameters };
}

/** What stands directly before the `=`: behind semicolons, comments and words that belong to nothing. */
function lastToken(text: string): string {
  const trimmed = text.trimEnd();
  let start = trimmed.length;
  while (start > 0 && !' \t;,)"'.includes(trimmed[start - 1]!)) start--;
  return trimmed.slice(start).toLowerCase();
}

function readValue(line: string, from: number): [string, number] {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return line[at] === '"' ? readQuoted(line, at + 1) : readBare(line, at);
}

function readQuoted(line: string, from: number): [string, number] {
  let text = '';
  let start = from;
  for (let at = from; at < line.length; at++) {
    const letter = line[at];
    if (letter === '"') return [text + line.slice(start, at), at + 1];
    if (letter === '\\' && isEscaped(line[at + 1])) {
      text += line.slice(start, at);
      start = ++at;
    }
  }
  return [text + line.slice(start), line.length];
}

/** Only these are ever escaped on purpose; a lone backslash is part of a Windows path that a mailer quoted as it was. */
function isEscaped(letter: string | undefined): boolean {
  return letter === '"' || letter === '\\';
}

/**
 * A value without quotes ends at the semicolon. RFC 2045 would end it at the first space, but file names with spaces are
 * sent that way; a space followed by another `name=` does end it.
 */
function readBare(line: string, from: number): [string, number] {
  const semicolon = line.indexOf(';', from);
  const end = semicolon === -1 ? line.length : semicolon;
  const text = line.slice(from, end);
  const next = / +[a-z][a-z0-9*_-]*=(?!\?)/i.exec(text.slice(0, 1_000));
  if (next === null) return [text.trim(), end];
  return [text.slice(0, next.index).trim(), from + next.index];
}

/**
 * A parameter's text by RFC 2231: `name*=charset'language'%XX`, continuations `name*0*=`, `name*1=` in any order, cut
 * anywhere, even inside a character; or the plain parameter as it stands. null when there is none.
 */
export function parameterText(header: ParameterizedValue, name: string): { text: string; encoded: boolean } | null {
  const extended = header.parameters.get(`${name}*`);
  if (extended !== undefined) return { text: decodeSections([{ text: extended, encoded: true }]), encoded: true };
  const sections = sectionsOf(header, name);
  if (sections.length > 0) return { text: decodeSections(sections), encoded: sections.some((part) => part.encoded) };
  const plain = header.parameters.get(name);
  return plain === undefined ? null : { text: plain, encoded: false };
}

interface Section {
  readonly text: string;
  readonly encoded: boolean;
}

function sectionsOf(header: ParameterizedValue, name: string): Section[] {
  const sections: Section[] = [];
  // Counted up from 0 rather than collected: a section behind a gap belongs to nothing.
  for (let index = 0; ; index++) {
    const encoded = header.parameters.get(`${name}*${String(index)}*`);
    const text = encoded ?? header.parameters.get(`${name}*${String(index)}`);
    if (text === undefined) return sections;
    sections.push({ text, encoded: encoded !== undefined });
  }
}

function decodeSections(sections: readonly Section[]): string {
  const head = sections[0]!.encoded ? /^([^']{0,60})'[^']{0,60}'/.exec(sections[0]!.text) : null;
  const bytes = sections.map(({ text, encoded }, index) => {
    const payload = index === 0 && head !== null ? text.slice(head[0].length) : text;
    return encoded ? percentDecoded(payload) : Buffer.from(payload, 'utf8');
  });
  return decodeText(Buffer.concat(bytes), head?.[1] ?? null);
}

function percentDecoded(text: string): Buffer {
  const source = Buffer.from(text, 'utf8');
  const out = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let at = 0; at < source.length; at++) {
    const high = source[at] === 0x25 ? hexDigit(source[at + 1]) : -1;
    const low = high === -1 ? -1 : hexDigit(source[at + 2]);
    if (low === -1) out[length++] = source[at]!;
    else {
      out[length++] = high * 16 + low;
      at += 2;
    }
  }
  return out.subarray(0, length);
}
