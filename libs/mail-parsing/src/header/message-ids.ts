import { displayLine } from './header-text.js';
import { unfold } from './unfold.js';

const MAX_LENGTH = 998;

/**
 * A Message-ID as written, brackets included, on one line; null when the header is missing or empty. Not validated:
 * it is compared, not understood. Longer than a line may be (RFC 5322, 2.1.1) it is cut.
 */
export function messageIdOf(raw: string | null): string | null {
  const id = displayLine(unfold(raw ?? '')).slice(0, MAX_LENGTH);
  return id === '' ? null : id;
}

/** The ids that References or In-Reply-To names, in order; at most `max`, the newest (last) of them. */
export function messageIdsOf(raw: string | null, max = 100): string[] {
  const line = displayLine(unfold(raw ?? ''));
  const ids = line.includes('<') ? (line.match(/<[^<>\s]{1,998}>/g) ?? []) : line.split(' ').filter((id) => id !== '');
  return ids.slice(-max).map((id) => id.slice(0, MAX_LENGTH));
}
