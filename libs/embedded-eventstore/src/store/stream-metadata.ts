/**
 * What stream metadata (`$$stream`, event type `$metadata`) says about reading the stream. Kept on the stream's row, so
 * that neither reads nor appends have to read and parse the metadata event.
 */
export interface StreamMetadata {
  /** Events below this revision are not read. */
  readonly truncateBefore: number;
  /** Only so many of the newest events are read. */
  readonly maxCount: number | undefined;
  /** Only events at most so many seconds old are read. */
  readonly maxAgeSeconds: number | undefined;
}

export const NO_METADATA: StreamMetadata = { truncateBefore: 0, maxCount: undefined, maxAgeSeconds: undefined };

/**
 * `truncateBefore` of a soft-deleted stream. The server writes 2^63-1, which no JavaScript number can hold; everything
 * from 2^53-1 up means the same.
 */
export const ALL_TRUNCATED = Number.MAX_SAFE_INTEGER;

/** The metadata the server writes to soft-delete a stream, as JSON text: JSON.stringify cannot write this number. */
export const SOFT_DELETED_JSON = '{"$tb":9223372036854775807}';

/** The metadata stream of a stream. */
export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

/** The stream a metadata stream belongs to; undefined for an ordinary stream. */
export function originalOf(stream: string): string | undefined {
  return stream.startsWith('$$') ? stream.slice(2) : undefined;
}

/** Reads the data of a `$metadata` event. What is not valid counts as not set, as on the server. */
export function parseStreamMetadata(json: string): StreamMetadata {
  const fields = parseObject(json);
  return {
    truncateBefore: Math.min(positiveInteger(fields['$tb']) ?? 0, ALL_TRUNCATED),
    maxCount: positiveInteger(fields['$maxCount']),
    maxAgeSeconds: positiveInteger(fields['$maxAge']),
  };
}

/** The same metadata with another `$tb`: what the server writes when an append brings a soft-deleted stream back. */
export function withTruncateBefore(json: string, truncateBefore: number): string {
  return JSON.stringify({ ...parseObject(json), $tb: truncateBefore });
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function positiveInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}
