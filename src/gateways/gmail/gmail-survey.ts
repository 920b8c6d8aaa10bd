import { type GmailInbox, type ListedPage } from './gmail-inbox.js';

/** What an INBOX holds, found out before the first mail is fetched. */
export interface Survey {
  /** Mails received since then: exact up to 50,000, beyond that at most so many. */
  readonly found: number;
  /** When the oldest mail of the whole INBOX was received (R30); null: the INBOX is empty. */
  readonly oldest: Date | null;
}

/** 50,000 mails for 500 quota units. */
const MOST_PAGES_COUNTED = 100;
/** Mails that go while it is looked for; each try looks anew. */
const TRIES = 3;

/** @param since seconds since 1970 @param now the same */
export async function surveyInbox(inbox: GmailInbox, since: number, now: number): Promise<Survey> {
  const found = await countSince(inbox, since);
  return { found, oldest: await oldestOf(inbox, now) };
}

/** By paging: the estimate that Gmail offers is none (`resultSizeEstimate` stays at 201 however many there are). */
async function countSince(inbox: GmailInbox, since: number): Promise<number> {
  let count = 0;
  let pageToken: string | null = null;
  for (let pages = 0; pages < MOST_PAGES_COUNTED; pages++) {
    const page: ListedPage = await inbox.list({ after: since - 1, ...(pageToken !== null && { pageToken }) });
    count += page.ids.length;
    pageToken = page.nextPageToken;
    if (pageToken === null) return count;
  }
  return Math.max(count, await inbox.size());
}

async function oldestOf(inbox: GmailInbox, now: number): Promise<Date | null> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const id = await oldestId(inbox, now);
    const at = id === null ? null : await inbox.receivedAt(id);
    if (id === null || at !== null) return at;
  }
  return null;
}

/**
 * Lists are newest first and know no other order, so time is halved until what is left fits on one page: some 5 to 30
 * calls, where paging through 500,000 mails would take 1,000.
 */
async function oldestId(inbox: GmailInbox, now: number): Promise<string | null> {
  let page = await inbox.list({});
  let [empty, full] = [0, now];
  while (page.nextPageToken !== null && full - empty > 1) {
    const middle = Math.floor((empty + full) / 2);
    const older = await inbox.list({ before: middle });
    if (older.ids.length === 0) {
      empty = middle;
    } else {
      full = middle;
      page = older;
    }
  }
  return page.ids.at(-1) ?? null;
}
