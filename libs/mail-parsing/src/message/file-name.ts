import { decodeEncodedWords } from '../header/encoded-words.js';
import { type HeaderReading } from '../header/addresses.js';
import { displayLine, headerText } from '../header/header-text.js';
import { parameterText, parseParameters } from '../header/parameters.js';
import { headerLine } from '../header/unfold.js';
import { HeaderBlock } from '../mime/header-block.js';
import { type MimePart } from '../mime/mime-part.js';

/** Whether the part says what its file is called. */
export function hasFileName(part: MimePart): boolean {
  return parameterText(part.disposition, 'filename') !== null || parameterText(part.contentType, 'name') !== null;
}

/**
 * What the part's file is called, decoded but not yet safe (`safeFileName`); null when it says nothing. An attached
 * message is called by its subject.
 */
export function fileNameOf(part: MimePart, reading: HeaderReading): string | null {
  return (
    namedIn(part.headers.first('content-disposition'), 'filename', reading) ??
    namedIn(part.headers.first('content-type'), 'name', reading) ??
    (part.type === 'message/rfc822' ? subjectOfAttached(part, reading) : null)
  );
}

/**
 * Parsed anew from the raw header because the raw bytes of a Japanese name need the charset of the body to be read, which
 * is not known while the tree is built.
 */
function namedIn(raw: string | null, parameter: string, reading: HeaderReading): string | null {
  if (raw === null) return null;
  const found = parameterText(parseParameters(headerLine(raw, reading.label)), parameter);
  if (found === null) return null;
  // RFC 2047 5 forbids encoded words in parameters; most mailers in Japan send them there.
  const name = displayLine(decodeEncodedWords(found.text, reading.encodedWords));
  return name === '' ? null : unescaped(name);
}

/** Names that were made for an address and sent as they were: three escapes in a row and more are no percentages. */
function unescaped(name: string): string {
  if (!/(?:%[0-9a-f]{2}){3}/i.test(name)) return name;
  try {
    return displayLine(decodeURIComponent(name));
  } catch {
    return name; // no UTF-8, or a percent sign that is one
  }
}

const ATTACHED_HEADER_BYTES = 65_536;

function subjectOfAttached(part: MimePart, reading: HeaderReading): string | null {
  const body = part.encoding === 'identity' ? part.body : part.decodedBody();
  const beginning = body.subarray(0, ATTACHED_HEADER_BYTES);
  const headers = HeaderBlock.read(beginning, 0, beginning.length, ATTACHED_HEADER_BYTES);
  const subject = headerText(headers.first('subject'), reading.label, reading.encodedWords);
  return subject === '' ? null : `${subject}.eml`;
}
