import sanitizeHtml from 'sanitize-html';
import { limitNesting } from './limit-nesting.js';
import { allowedAttributes, allowedTags, safeAttributes } from './safe-attributes.js';
import { ResourcePolicy, type RemoteContent } from './resource-policy.js';

export type { RemoteContent } from './resource-policy.js';

export interface SanitizeOptions {
  /** Whether images on other servers stay in: loading one tells its owner that, when and where the mail is read. */
  readonly remoteContent: RemoteContent;
  /** Where the image with this Content-ID (without brackets) is served; null when there is none. */
  readonly cidUrl: (contentId: string) => string | null;
}

export interface SafeHtml {
  readonly html: string;
  /** Images and backgrounds on other servers that were left out. */
  readonly blockedRemote: number;
}

/** Elements that go with all their text; of the others that are not allowed the text stays. */
const withoutText = [
  'script',
  'style',
  'title',
  'textarea',
  'option',
  'select',
  'template',
  'xmp',
  'plaintext',
  'noembed',
  'noframes',
  'iframe',
  'svg',
  'math',
];

/** Deeper nesting makes browsers slow and has no look of its own. */
const MAX_NESTING = 200;
/** Tags open at a time that the parser is given. */
const MAX_OPEN = 500;

/**
 * HTML of a stranger as it may stand in a page: elements and attributes from a list, styles from a list of properties,
 * links absolute and opening apart, nothing that runs, submits, loads or leaves its frame. Made for an
 * `<iframe sandbox>` with a content security policy of its own, but it relies on neither.
 *
 * Balanced output: it cannot close elements around it. The same input gives the same output; never throws.
 */
export function sanitizeMailHtml(html: string, options: SanitizeOptions): SafeHtml {
  const policy = new ResourcePolicy(options.remoteContent, options.cidUrl);
  const text = html.toWellFormed().replaceAll('\0', '');
  const safe = sanitizeHtml(limitNesting(text, MAX_OPEN), {
    allowedTags,
    allowedAttributes,
    nonTextTags: withoutText,
    nestingLimit: MAX_NESTING,
    disallowedTagsMode: 'discard',
    // Everything that may be in an attribute is decided in safe-attributes.ts; what follows here is the second lock.
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowedSchemesAppliedToAttributes: ['href', 'src', 'background'],
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    transformTags: {
      body: 'div',
      '*': (tagName, attribs) => ({ tagName, attribs: safeAttributes(tagName, attribs, policy) }),
    },
  });
  return { html: safe, blockedRemote: policy.blocked };
}
