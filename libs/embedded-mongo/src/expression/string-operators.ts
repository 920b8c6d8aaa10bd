import { BsonType, typeName } from '../bson/bson-type.js';
import { arrayOf, documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { bool, int32, NULL, string } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { compilePattern } from '../query/pattern.js';
import { toDisplayText } from './conversion-operators.js';
import { type Expression, isNullish } from './expression.js';
import { namedArguments, operator, type OperatorParser, type Operators, type Value } from './operator.js';

const MANY = Number.MAX_SAFE_INTEGER;
const WHITESPACE = /[\s\0]/;

function requireText(name: string, value: Cell, code = 14): string {
  if (value.type !== BsonType.string) {
    throw new MongoFault(code, `${name} only supports strings, not ${typeName(value.type)}`);
  }
  return value.toText();
}

function concat(...values: Value[]): Value {
  let text = '';
  for (const value of values) {
    if (isNullish(value)) return NULL;
    text += requireText('$concat', value, 16702);
  }
  return string(text);
}

/** Case folding: null gives "", numbers and dates their text. MongoDB folds ASCII only; so does this. */
const folding = (name: string, letters: RegExp, fold: (text: string) => string): OperatorParser =>
  operator(name, 1, 1, (value) => string((isNullish(value) ? '' : toDisplayText(value)).replace(letters, fold)));

const position = (name: string, value: Value): number => {
  if (value === undefined || !value.isNumber) throw new MongoFault(34450, `${name}: positions must be numbers`);
  return Math.trunc(value.toNumber());
};

function substrCP(value: Value, start: Value, length: Value): Value {
  const characters = Array.from(isNullish(value) ? '' : toDisplayText(value));
  const from = position('$substrCP', start);
  const count = position('$substrCP', length);
  if (from < 0 || count < 0) throw new MongoFault(34455, '$substrCP: the position and length must not be negative');
  return string(characters.slice(from, from + count).join(''));
}

function split(value: Value, separator: Value): Value {
  if (isNullish(value) || isNullish(separator)) return NULL;
  const by = requireText('$split', separator, 40086);
  if (by === '') throw new MongoFault(40087, '$split requires a non-empty separator');
  return arrayOf(requireText('$split', value, 40085).split(by).map(string));
}

const length = (name: string, measure: (text: string) => number): OperatorParser =>
  operator(name, 1, 1, (value) => {
    if (value?.type !== BsonType.string) throw new MongoFault(34473, `${name} requires a string argument`);
    return int32(measure(value.toText()));
  });

function trimmed(text: string, isCut: (character: string) => boolean, side: 'left' | 'right' | 'both'): string {
  const characters = Array.from(text);
  let from = 0;
  let to = characters.length;
  if (side !== 'right') while (from < to && isCut(characters[from] as string)) from++;
  if (side !== 'left') while (to > from && isCut(characters[to - 1] as string)) to--;
  return characters.slice(from, to).join('');
}

const trim =
  (name: string, side: 'left' | 'right' | 'both'): OperatorParser =>
  (argument, parse) => {
    const given = namedArguments(name, argument, ['input'], ['chars']);
    const input = parse(given.input);
    const chars: Expression | undefined = given.chars === undefined ? undefined : parse(given.chars);
    return (scope) => {
      const value = input(scope);
      const cut = chars?.(scope);
      if (isNullish(value) || (chars !== undefined && isNullish(cut))) return NULL;
      const set = cut === undefined ? undefined : Array.from(requireText(name, cut, 50700));
      const isCut = (character: string): boolean => set?.includes(character) ?? WHITESPACE.test(character);
      return string(trimmed(requireText(name, value, 50699), isCut, side));
    };
  };

function regexArgument(regex: Cell, options: Value): RegExp {
  if (regex.type === BsonType.regex) {
    const { pattern, flags } = regex.toRegex();
    return compilePattern(regex, pattern, isNullish(options) ? flags : requireText('$regexMatch', options)).regexp;
  }
  return compilePattern(
    regex,
    requireText('$regexMatch', regex),
    isNullish(options) ? '' : requireText('$regexMatch', options),
  ).regexp;
}

/** `$regexMatch` and `$regexFind` share their arguments. */
const regexOperator =
  (name: string, apply: (regexp: RegExp, text: string) => Cell, ifMissing: Cell): OperatorParser =>
  (argument, parse) => {
    const given = namedArguments(name, argument, ['input', 'regex'], ['options']);
    const [input, regex] = [parse(given.input), parse(given.regex)];
    const options: Expression | undefined = given.options === undefined ? undefined : parse(given.options);
    return (scope) => {
      const [value, pattern] = [input(scope), regex(scope)];
      if (isNullish(value) || isNullish(pattern)) return ifMissing;
      return apply(regexArgument(pattern, options?.(scope)), requireText(name, value, 51104));
    };
  };

function regexFind(regexp: RegExp, text: string): Cell {
  const found = regexp.exec(text);
  if (found === null) return NULL;
  return documentOf([
    ['match', string(found[0])],
    ['idx', int32(Array.from(text.slice(0, found.index)).length)],
    [
      'captures',
      arrayOf(found.slice(1).map((capture: string | undefined) => (capture === undefined ? NULL : string(capture)))),
    ],
  ]);
}

/** String operators. */
export const STRINGS: Operators = {
  $concat: operator('$concat', 0, MANY, concat),
  $toLower: folding('$toLower', /[A-Z]+/g, (text) => text.toLowerCase()),
  $toUpper: folding('$toUpper', /[a-z]+/g, (text) => text.toUpperCase()),
  $substrCP: operator('$substrCP', 3, 3, substrCP),
  $split: operator('$split', 2, 2, split),
  $strLenCP: length('$strLenCP', (text) => Array.from(text).length),
  $strLenBytes: length('$strLenBytes', (text) => Buffer.byteLength(text)),
  $trim: trim('$trim', 'both'),
  $ltrim: trim('$ltrim', 'left'),
  $rtrim: trim('$rtrim', 'right'),
  $regexMatch: regexOperator('$regexMatch', (regexp, text) => bool(regexp.test(text)), bool(false)),
  $regexFind: regexOperator('$regexFind', regexFind, NULL),
};
