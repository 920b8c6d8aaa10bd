import { isAppFault, type SendFailure } from './retry.policy.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** How often sent mail is searched for a mail whose end nobody saw. */
export const SEARCH_AGAIN_MS = 15 * SECOND;
const LONGEST_PAUSE_MS = 10 * MINUTE;
/** Longer than most outages last, and than somebody takes to mend an app. */
const GIVE_UP_SEARCHING_MS = 24 * 60 * MINUTE;

/**
 * What follows when sent mail could not be searched (pure): how long is waited before it is tried again, ever longer
 * the longer it lasts; null: it never will be, or not for too long already, and a person has to decide.
 * @param sinceMs how long ago the attempt began whose end is sought
 */
export function searchAgainIn(failure: SendFailure, sinceMs: number): number | null {
  if (!passes(failure) || sinceMs >= GIVE_UP_SEARCHING_MS) return null;
  return Math.min(LONGEST_PAUSE_MS, Math.max(SEARCH_AGAIN_MS, sinceMs / 4));
}

/** A mailbox that only a person can open again is no answer, and whoever wrote the mail should hear of it at once. */
function passes(failure: SendFailure): boolean {
  switch (failure.kind) {
    case 'Unavailable':
    case 'RateLimited':
    case 'Unknown':
    case 'CursorInvalid':
    case 'MessageUnreadable':
      return true;
    case 'AuthorizationLost':
      // Refused once, it may be by mistake. Receiving finds out, and then the mailbox says what it needs.
      return failure.remedy === undefined;
    case 'Rejected':
      return isAppFault(failure.code);
    case 'PermissionMissing':
    case 'MailboxNotSupported':
      return false;
  }
}
