import { type DescribedEvent } from '../store/event-reader.js';
import { type streams } from './stubs.js';

/** Events considered per checkpoint step when the client sets no search window; the server's read batch size. */
const DEFAULT_SEARCH_WINDOW = 32;

/** A subscription's filter. */
export interface EventFilter {
  matches(event: DescribedEvent): boolean;
  /** After so many considered events, matching or not, the subscriber is told how far it has come. */
  readonly checkpointInterval: number;
}

/**
 * Reads the filter of a subscription to `$all`.
 * @throws RangeError when it names nothing to filter on, or an invalid regular expression or interval
 */
export function readEventFilter(options: streams.ReadReq.Options.FilterOptions): EventFilter {
  const window = options.hasMax() ? options.getMax() : DEFAULT_SEARCH_WINDOW;
  const checkpointInterval = window * options.getCheckpointintervalmultiplier();
  if (checkpointInterval <= 0) throw new RangeError('The checkpoint interval must be greater than 0');
  const onStream = options.getStreamIdentifier();
  const onType = options.getEventType();
  const expression = onStream ?? onType;
  if (expression === undefined) throw new RangeError('A filter needs event types or stream names');
  const test = textTest(expression);
  return { checkpointInterval, matches: (event) => test(onStream ? event.stream : event.type) };
}

function textTest(expression: streams.ReadReq.Options.FilterOptions.Expression): (text: string) => boolean {
  const source = expression.getRegex();
  if (source === '') {
    const prefixes = expression.getPrefixList();
    return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  }
  const regex = compile(source);
  return (text) => regex.test(text);
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new RangeError(`'${source}' is not a valid regular expression`, { cause: error });
  }
}
