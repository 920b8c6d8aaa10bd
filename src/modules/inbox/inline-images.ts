import { randomUUID } from 'node:crypto';

/** An attachment as the mail lists it. */
interface Listed {
  readonly index: number;
  /** Bytes after decoding. */
  readonly size: number;
}

/** Bytes of images that one page may carry, each as often as it is shown; more than any signature or newsletter has. */
const MOST_BYTES = 10 * 1024 * 1024;
/** Different images of one page. */
const MOST_IMAGES = 100;
/** One transparent pixel (GIF89a): an image that is not shown takes no place. */
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/**
 * Puts the images that a mail carries inside itself (`cid:`, RFC 2392) into its HTML as `data:` URLs (ADR 0061), so
 * that showing it needs no request, no token in a URL and no right to anything but what is on the page already.
 * The place of each image is marked by an address that nobody who wrote the mail could know.
 */
export class InlineImages {
  private readonly mark = `/inline-image/${randomUUID()}/`;

  /** What the parser is to write where an image goes; `{index}` stands for the attachment's index. */
  get urlTemplate(): string {
    return `${this.mark}{index}`;
  }

  /**
   * The HTML with its images in place. What is no image that browsers draw without running it, is missing or is too
   * much, shows as nothing.
   * @param contentOf gives the bytes of an attachment; null: there is none
   */
  async intoHtml(
    html: string,
    attachments: readonly Listed[],
    contentOf: (index: number) => Promise<Uint8Array | null>,
  ): Promise<string> {
    const sizes = new Map(attachments.map(({ index, size }) => [index, size]));
    const places = new RegExp(`${this.mark}(\\d+)`, 'g');
    const shown = [...html.matchAll(places)].map(([, index]) => Number(index));
    const images = new Map<number, string>();
    let bytes = 0;
    for (const index of new Set(shown)) {
      const times = shown.filter((other) => other === index).length;
      const size = (sizes.get(index) ?? Infinity) * times;
      if (images.size >= MOST_IMAGES || bytes + size > MOST_BYTES) continue;
      bytes += size;
      images.set(index, dataUrl(await contentOf(index)) ?? NOTHING);
    }
    return html.replace(places, (_place, index: string) => images.get(Number(index)) ?? NOTHING);
  }
}

function dataUrl(content: Uint8Array | null): string | null {
  const type = content === null ? null : imageTypeOf(content);
  return content === null || type === null ? null : `data:${type};base64,${Buffer.from(content).toString('base64')}`;
}

/** Formats that hold nothing to run, by their first bytes; what the mail says of itself may lie. SVG is none of them. */
const SIGNATURES: readonly (readonly [type: string, signature: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/bmp', /^BM[^]{4}\0\0\0\0/],
];

function imageTypeOf(content: Uint8Array): string | null {
  const start = Buffer.from(content.subarray(0, 16)).toString('latin1');
  return SIGNATURES.find(([, signature]) => signature.test(start))?.[0] ?? null;
}
