/** The Content-IDs that HTML refers to with `cid:` URLs (RFC 2392), decoded. Linear. */
export function referencedContentIds(html: string): Set<string> {
  const ids = new Set<string>();
  for (const [, escaped] of html.matchAll(/cid:([^"'\s<>()]{1,998})/gi)) ids.add(contentIdOf(escaped!));
  return ids;
}

/** The Content-ID in what follows `cid:`; a broken percent sign stands for itself. */
export function contentIdOf(escaped: string): string {
  const plain = escaped.replaceAll('&amp;', '&');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
