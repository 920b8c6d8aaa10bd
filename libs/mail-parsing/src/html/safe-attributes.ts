import { linkUrl, type ResourcePolicy } from './resource-policy.js';
import { safeStyle } from './safe-style.js';

const everywhere = ['style', 'align', 'valign', 'width', 'height', 'bgcolor', 'background', 'dir', 'lang', 'title'];

/** Elements that have an attribute of their own. */
const own: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'target', 'rel'],
  img: ['src', 'alt', 'border', 'hspace', 'vspace'],
  font: ['color', 'face', 'size'],
  table: ['border', 'cellpadding', 'cellspacing'],
  td: ['colspan', 'rowspan', 'nowrap'],
  th: ['colspan', 'rowspan', 'nowrap'],
  col: ['span'],
  colgroup: ['span'],
  ol: ['start', 'type', 'reversed'],
  ul: ['type'],
  li: ['type', 'value'],
  hr: ['size', 'color', 'noshade'],
};

export const allowedAttributes: Record<string, string[]> = {
  '*': everywhere,
  ...Object.fromEntries(Object.entries(own).map(([tag, names]) => [tag, [...names]])),
};

/** No id, name or class: they would meet those of the page (DOM clobbering, its styles). */
export const allowedTags = (
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt ' +
  'em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s ' +
  'samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ');

/** The attributes an element keeps, with their values made safe. */
export function safeAttributes(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  policy: ResourcePolicy,
): Record<string, string> {
  const safe: Record<string, string> = {};
  const names = own[tag] ?? [];
  for (const [name, value] of Object.entries(attributes)) {
    if (!everywhere.includes(name) && !names.includes(name)) continue;
    const kept = safeValue(name, value, policy);
    if (kept !== null) safe[name] = kept;
  }
  if (tag === 'a' && safe['href'] !== undefined) {
    // Opened apart, without a handle on this page and without telling where the reader came from.
    safe['target'] = '_blank';
    safe['rel'] = 'noopener noreferrer nofollow';
  }
  return safe;
}

function safeValue(name: string, value: string, policy: ResourcePolicy): string | null {
  switch (name) {
    case 'style':
      return emptyToNull(safeStyle(value, policy));
    case 'href':
      return linkUrl(value);
    case 'src':
    case 'background':
      return policy.image(value);
    case 'target':
    case 'rel':
      return null;
    case 'width':
    case 'height':
      return /^\s*\d{1,4}(?:\.\d{1,4})?(?:px|%)?\s*$/i.test(value) ? value.trim() : null;
    default:
      return value.slice(0, 1_000);
  }
}

function emptyToNull(text: string): string | null {
  return text === '' ? null : text;
}
