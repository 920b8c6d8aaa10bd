/** What a call costs in quota units, and how many a user has a minute. */
export interface GmailPrices {
  readonly perMinuteAndUser: number;
  readonly messagesGet: number;
}

/**
 * Projects made after 1 May 2026 have 6,000 units a minute and user, and a message costs 20; those that used the API
 * before keep 15,000 and 5 (developers.google.com/workspace/gmail/api/reference/quota). A company sees its number in
 * the Cloud console and enters it; which prices go with it follows.
 */
export const NEW_PROJECT: GmailPrices = { perMinuteAndUser: 6_000, messagesGet: 20 };
const OLD_PROJECT: GmailPrices = { perMinuteAndUser: 15_000, messagesGet: 5 };

/** @param perMinuteAndUser as the company entered it; null: it did not */
export function gmailPrices(perMinuteAndUser: number | null): GmailPrices {
  if (perMinuteAndUser === null) return NEW_PROJECT;
  const { messagesGet } = perMinuteAndUser >= OLD_PROJECT.perMinuteAndUser ? OLD_PROJECT : NEW_PROJECT;
  return { perMinuteAndUser, messagesGet };
}

/** The same for every project. */
export const UNITS = {
  messagesList: 5,
  historyList: 2,
  getProfile: 1,
  labelsGet: 1,
  sendAsList: 1,
  messagesSend: 100,
} as const;
