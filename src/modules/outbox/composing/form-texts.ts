import { type Readable, type Writable } from 'node:stream';
import { rejectHttp } from '../../../platform/http/index.js';

/** What multer tells with the text of a field (busboy). */
type Field = (name: string | undefined, value: string, about: { readonly valueTruncated: boolean }) => void;
type FormParser = Writable & { prependListener(event: 'field', listener: Field): unknown };

/**
 * Feeds a form to its parser (multer's `streamHandler`), and refuses it as `body_too_large` once its texts have more
 * than `limit` bytes together: they are held in memory, unlike its files, and the parser itself bounds each alone.
 */
export function feedWithin(limit: number): (form: Readable, parser: FormParser) => void {
  return (form, parser) => {
    let bytes = 0;
    // Ahead of multer's own listener, whose complaint would not name the limit.
    parser.prependListener('field', (_name, value, { valueTruncated }) => {
      bytes += Buffer.byteLength(value);
      if (valueTruncated || bytes > limit) parser.emit('error', rejectHttp('body_too_large', { limit }));
    });
    form.pipe(parser);
  };
}
