/** A request to a simulator, its body read. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** What the route's `:names` stand for. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One thing that a simulator does. */
export interface Route {
  /** By which faults and the request log name it: `graph.message.source`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments, `:name` for a variable one. */
  readonly path: string;
  /** Whose request it is, for faults that concern one mailbox; null: nobody's in particular. */
  readonly subject?: (exchange: Exchange) => string | null;
  readonly handle: (exchange: Exchange) => Answer | Promise<Answer>;
}

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

export const html = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});

export const redirect = (location: string): Answer => ({ status: 302, headers: { location } });

/** The fields of a form post (application/x-www-form-urlencoded). */
export const formOf = ({ body }: Exchange): URLSearchParams => new URLSearchParams(body.toString('utf8'));

/** The bearer token of a request; null: it has none. */
export function bearerOf({ headers }: Exchange): string | null {
  return /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? null;
}

/** Text as it may stand in HTML, also inside quoted attributes. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** The `:names` of a route's path in a real one; null: it is another path. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const actual = decodeSegment(given[index] ?? '');
    if (segment.startsWith(':')) params[segment.slice(1)] = actual;
    else if (segment !== actual) return null;
  }
  return params;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // not percent-encoding: then it is what it looks like
  }
}
