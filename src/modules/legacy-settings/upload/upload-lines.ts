import { LONGEST_LINE } from './upload-record.js';

/** CR where the text is cut may be the first half of CRLF. */
const LINE_END = /\r\n|\n|\r(?!$)/;

/**
 * The lines of a text as it comes, whatever ends them (CRLF, LF or CR), and however it is cut; null in place of one that
 * is too long. Holds back no more than that.
 */
export async function* uploadLines(text: AsyncIterable<string>): AsyncGenerator<string | null> {
  let rest = '';
  let isTooLong = false;
  for await (const chunk of text) {
    const lines = (rest + chunk).split(LINE_END);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong || line.length > LONGEST_LINE ? null : line;
      isTooLong = false;
    }
    const isCut = rest.endsWith('\r');
    if (rest.length - Number(isCut) > LONGEST_LINE) {
      isTooLong = true;
      rest = isCut ? '\r' : '';
    }
  }
  const last = rest.replace(/\r$/, '');
  if (isTooLong || last.length > LONGEST_LINE) yield null;
  else if (rest !== '') yield last;
}
