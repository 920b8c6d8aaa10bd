import { contentIdOf } from '../message/content-ids.js';

export type RemoteContent = 'block' | 'allow';

const INLINE_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp|bmp);base64,[a-z0-9+/=\s]*$/i;

/** Decides which resources a mail may load, and counts those that it was denied. */
export class ResourcePolicy {
  #blocked = 0;

  constructor(
    private readonly remoteContent: RemoteContent,
    private readonly cidUrl: (contentId: string) => string | null,
  ) {}

  get blocked(): number {
    return this.#blocked;
  }

  /** The address to load an image from, or null when it must not be loaded. */
  image(url: string): string | null {
    const trimmed = url.trim();
    if (/^cid:/i.test(trimmed)) return this.cidUrl(contentIdOf(trimmed.slice(4)));
    if (INLINE_IMAGE.test(trimmed)) return trimmed;
    const remote = webUrl(trimmed);
    if (remote === null || this.remoteContent === 'allow') return remote;
    this.#blocked++;
    return null;
  }
}

/**
 * An absolute http(s) address in canonical form, or null. Relative ones are none: in a mail they would point at the
 * application that shows it.
 */
export function webUrl(url: string): string | null {
  const parsed = parsedUrl(/^(?:\/\/|www\.)/i.test(url) ? `https:${url.startsWith('//') ? '' : '//'}${url}` : url);
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed.href : null;
}

/** An address that a link may lead to, or null: the web, mail and telephone. */
export function linkUrl(url: string): string | null {
  const web = webUrl(url.trim());
  if (web !== null) return web;
  const parsed = parsedUrl(url.trim());
  if (parsed === null) return null;
  if (parsed.protocol === 'tel:') return parsed.href;
  // Some mail programs attach the local file that such a link names.
  return parsed.protocol === 'mailto:' && !/[?&]attach/i.test(parsed.search) ? parsed.href : null;
}

/** The browser's own reading of an address: entities are gone by now, and tabs and line ends inside are dropped. */
function parsedUrl(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
