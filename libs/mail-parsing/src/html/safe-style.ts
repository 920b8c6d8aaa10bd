import { type ResourcePolicy } from './resource-policy.js';
import { splitDeclarations } from './style-declarations.js';

/**
 * Properties that style what they stand on. Not here: what moves a box out of its place (position, transform, z-index,
 * negative margins), covers or listens (outline, box-shadow, cursor, pointer-events), runs (behavior, animation) or
 * brings in text (content).
 */
const properties = new Set(
  (
    'color background background-color background-image background-position background-repeat background-size ' +
    'font font-family font-size font-style font-variant font-weight line-height letter-spacing word-spacing ' +
    'text-align text-decoration text-decoration-color text-decoration-line text-decoration-style text-indent ' +
    'text-transform text-overflow vertical-align white-space word-break word-wrap overflow-wrap line-break hyphens ' +
    'direction unicode-bidi writing-mode ' +
    'margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom ' +
    'padding-left width height min-width min-height max-width max-height box-sizing display float clear overflow ' +
    'overflow-x overflow-y visibility opacity ' +
    'border border-top border-right border-bottom border-left border-color border-style border-width border-radius ' +
    'border-top-color border-right-color border-bottom-color border-left-color border-top-style border-right-style ' +
    'border-bottom-style border-left-style border-top-width border-right-width border-bottom-width border-left-width ' +
    'border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius ' +
    'border-collapse border-spacing table-layout caption-side empty-cells list-style list-style-type ' +
    'list-style-position'
  ).split(' '),
);

/** One token of a value. No colon, backslash, `@`, `<` or brace ever matches, so nothing can be spelt around. */
const TOKEN =
  /\s+|[,/]|!\s*important|#[0-9a-f]{3,8}(?![\w-])|[+-]?(?:\d+\.?\d*|\.\d+)(?:%|[a-z]{1,4})?(?![\w.%(])|"[^"\\<>]*"|'[^'\\<>]*'|(?:rgba?|hsla?)\([\d\s.,%/a-z+-]*\)|-?[a-z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}-]*(?!\()/iuy;
const URL_TOKEN = /url\(\s*(?:"([^"\\<>]*)"|'([^'\\<>]*)'|([^"'()\\<>\s]*))\s*\)/iy;

const MAX_VALUE = 2_000;
/** Nothing in a mail is larger, in any unit. */
const MAX_NUMBER = 9_999;

/** The declarations of a style attribute that may stay; empty when none may. Linear; never throws. */
export function safeStyle(style: string, policy: ResourcePolicy): string {
  const kept: string[] = [];
  for (const { property, value } of splitDeclarations(style)) {
    if (!properties.has(property)) continue;
    const safe = safeValue(property, value, policy);
    if (safe !== null && safe !== '') kept.push(`${property}: ${safe}`);
  }
  return kept.join('; ');
}

/** The value put together anew from the tokens that are allowed; null when one is not. */
function safeValue(property: string, value: string, policy: ResourcePolicy): string | null {
  const mayLoad = property === 'background' || property === 'background-image';
  // Only inline images are long.
  if (value.length > MAX_VALUE && !mayLoad) return null;
  let safe = '';
  for (let at = 0; at < value.length;) {
    const url = mayLoad ? matchAt(URL_TOKEN, value, at) : null;
    if (url !== null) {
      safe += imageToken(url, policy);
      at += url[0].length;
      continue;
    }
    const token = matchAt(TOKEN, value, at)?.[0];
    if (token === undefined || !isHarmless(token)) return null;
    safe += token;
    at += token.length;
  }
  return safe.trim();
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function imageToken(url: RegExpExecArray, policy: ResourcePolicy): string {
  const image = policy.image(url[1] ?? url[2] ?? url[3] ?? '');
  return image === null ? '' : `url("${image.replaceAll('"', '%22')}")`;
}

/** Numbers neither negative (they pull a box over its neighbours) nor huge. */
function isHarmless(token: string): boolean {
  if (!/^[+\-.\d]/.test(token) || /^-[a-z_]/i.test(token)) return true;
  const number = Number.parseFloat(token);
  return !Number.isNaN(number) && number >= 0 && number <= MAX_NUMBER;
}
