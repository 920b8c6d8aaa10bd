import { composedText } from '@libs/composed-text';
import { extensionOf } from './media-types.js';

const MAX_LENGTH = 150;

/** What Windows forbids in a name besides the separators. */
const FORBIDDEN = /[<>:"|?*]/g;

/** Direction and joining controls: with U+202E, "gpj.exe" reads as "exe.jpg". */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Names that Windows opens as devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)(?:\.|$)/i;

/**
 * A file name that is safe to show and to save: one path segment, no control, direction or reserved characters, no
 * leading dot, no device name, composed (macOS sends kana and their marks apart), at most 150 characters with the
 * extension kept. Never empty.
 *
 * @param name  as the message has it; null or unusable: `attachment-<index + 1>` and the type's extension
 */
export function safeFileName(name: string | null, type: string, index: number): string {
  const clean = lastSegment(composedText(name ?? '').replace(INVISIBLE, ''))
    .replace(FORBIDDEN, '_')
    .replace(/^[. ]+/, '');
  const trimmed = trimEnd(clean);
  if (trimmed === '') return `attachment-${String(index + 1)}.${extensionOf(type)}`;
  return shortened(DEVICE.test(trimmed) ? `_${trimmed}` : trimmed);
}

function lastSegment(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

/** Windows drops dots and spaces at the end, so that "a.exe." is "a.exe". */
function trimEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}

function shortened(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return (
    name
      .slice(0, MAX_LENGTH - extension.length)
      .toWellFormed()
      .replace(/\ufffd$/, '') + extension
  );
}
