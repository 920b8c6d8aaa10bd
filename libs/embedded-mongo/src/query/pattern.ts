import type { Cell } from '../bson/cell.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import type { Pattern } from './filter.js';

/** Escapes which mean the same in PCRE, which MongoDB uses, and in JavaScript. */
const SHARED_ESCAPE = /^\\(?:[dDwWsSbBnrtfv0-9xuc]|[^a-zA-Z0-9])/;
const LITERAL = /[^\\^$.*+?()[\]{}|]/u;
const FLAGS = /^[imsu]*$/;

/** Walks a pattern token by token, so that what JavaScript would read differently is refused and not misread. */
function checkSyntax(pattern: string): void {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\') {
      if (!SHARED_ESCAPE.test(pattern.slice(at, at + 2))) {
        refuse(`the escape ${pattern.slice(at, at + 2)} in a regular expression`);
      }
      at++;
    } else if (pattern.startsWith('[[:', at) || /^\[\^?\]/.test(pattern.slice(at, at + 3))) {
      refuse('POSIX classes and leading ] in a regular expression');
    } else if (pattern.startsWith('(?', at) && !/^\(\?(?:[:=!]|<[=!]|<[A-Za-z])/.test(pattern.slice(at, at + 4))) {
      refuse(`the group ${pattern.slice(at, at + 4)} in a regular expression`);
    }
  }
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    // Outside Unicode mode JavaScript is as lenient with needless escapes as PCRE is
  }
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new MongoFault(51091, `Regular expression is invalid: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The plain text at the start of an anchored pattern, less the last character when a quantifier can drop it. */
function literalPrefix(pattern: string, flags: string): string | undefined {
  if (!pattern.startsWith('^') || /[im]/.test(flags) || pattern.includes('|')) return undefined;
  let text = '';
  for (const character of pattern.slice(1)) {
    if (!LITERAL.test(character)) {
      return /[*?{]/.test(character) ? Array.from(text).slice(0, -1).join('') : text;
    }
    text += character;
  }
  return text;
}

/**
 * Compiles a regular expression as far as PCRE and JavaScript agree on it.
 * @throws MongoFault 238 for syntax which JavaScript lacks or reads differently, 51091 for an invalid expression
 */
export function compilePattern(source: Cell, pattern: string, flags: string): Pattern {
  if (!FLAGS.test(flags)) refuse(`the regular expression options "${flags}"`);
  checkSyntax(pattern);
  const javascriptFlags = flags.replace(/u/g, '');
  const regexp = compile(pattern, javascriptFlags);
  return { source, regexp, prefix: literalPrefix(pattern, javascriptFlags) };
}
