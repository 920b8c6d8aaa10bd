/**
 * The few requests that reading an Inbox takes. `inbox` is its well-known name, whatever the user's language calls it;
 * folders below it are others (R36). Of mails nothing is listed but id and date; all the rest comes with the source.
 */
const INBOX = '/me/mailFolders/inbox';

export const PROFILE = '/me?$select=id,mail,userPrincipalName';
export const INBOX_ITSELF = `${INBOX}?$select=id,totalItemCount`;
/** A first round over everything; its end is where changes are followed from. */
export const FIRST_DELTA = `${INBOX}/messages/delta?$select=receivedDateTime`;
export const OLDEST_MAIL = `${INBOX}/messages?$select=receivedDateTime&$orderby=receivedDateTime asc&$top=1`;

/** Mails received at or after an instant, oldest first, and how many there are. */
export function mailsSince(instant: Date, pageSize: number): string {
  // $orderby's property has to come first in $filter (user-list-messages.md). `Z`, because a `+` is not encoded.
  const filter = `receivedDateTime ge ${graphInstant(instant)}`;
  return `${INBOX}/messages?$select=receivedDateTime&$filter=${filter}&$orderby=receivedDateTime asc&$top=${pageSize}&$count=true`;
}

export const mailDate = (id: string): string => `/me/messages/${encodeURIComponent(id)}?$select=receivedDateTime`;
/** Not below mailFolders: there it is not served. */
export const mailSource = (id: string): string => `/me/messages/${encodeURIComponent(id)}/$value`;

/** Whole seconds: mail that came within the first one is wanted, and filtered again by us. */
function graphInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Takes a whole mail as MIME in base64 and keeps a copy in Sent Items (user-sendmail.md). */
export const SEND_MAIL = '/me/sendMail';

const SENT = '$select=id,from,internetMessageHeaders';

/** What lies in Sent Items and was sent since then, newest first, with what tells one mail from another. */
export const sentItemsSince = (instant: Date): string => `/me/mailFolders/sentitems${sentSince(instant)}`;
/** The same of the whole mailbox, the deleted items included; it names what came in, too. */
export const anythingSentSince = (instant: Date): string => `/me${sentSince(instant)}`;

const sentSince = (instant: Date): string =>
  `/messages?${SENT}&$filter=sentDateTime ge ${graphInstant(instant)}&$orderby=sentDateTime desc&$top=50`;

const FOUND = '$select=receivedDateTime,internetMessageId,from,parentFolderId';

/** Mails with this Message-ID, brackets included, wherever in the mailbox they lie. */
export function mailsOfMessageId(messageId: string): string {
  const literal = messageId.replaceAll("'", "''"); // OData 4.01, URL conventions 5.1.1.6.1
  return `/me/messages?${FOUND}&$filter=internetMessageId eq '${encodeURIComponent(literal)}'&$top=10`;
}

/** Mails received between two instants, the newest first, wherever in the mailbox they lie. */
export const mailsOfDays = (since: Date, until: Date): string =>
  `/me/messages?${FOUND}&$filter=receivedDateTime ge ${graphInstant(since)} and receivedDateTime lt ${graphInstant(until)}&$orderby=receivedDateTime desc&$top=100`;

/** @param idOrName an id, or a well-known name such as `junkemail` */
export const folderItself = (idOrName: string): string =>
  `/me/mailFolders/${encodeURIComponent(idOrName)}?$select=id,displayName`;
