/**
 * Name of a stream: `{category}-{part}_{part}`. The parts come from outside (company and user ids are HRBC's), so
 * whatever could be mistaken for a separator is escaped: company `a_b` can never reach the streams of company `a`.
 */
export function streamName(category: string, ...parts: readonly [string, ...string[]]): string {
  return `${category}-${parts.map(escapePart).join('_')}`;
}

/** The parts a stream name was made of. */
export function streamParts(stream: string): string[] {
  return stream
    .slice(stream.indexOf('-') + 1)
    .split('_')
    .map(decodeURIComponent);
}

/** The category of a stream: its name up to the first `-`, as EventStoreDB's own `$by_category` takes it. */
export function categoryOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}

const escapePart = (part: string): string => encodeURIComponent(part).replaceAll('_', '%5F');
