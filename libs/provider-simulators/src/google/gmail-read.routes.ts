import { type Answer, type Exchange, json, type Route } from '../shared/exchange.js';
import { gmailRefusals, RefusedByGmail } from './google-error.js';
import { gmailRoute, type GmailMethod, type GmailWorld, READ } from './gmail-door.js';
import { type GmailMailbox, type GmailMessage, type HistoryKind, type HistoryRecord } from './gmail-mailbox.js';
import { gmailQuery } from './gmail-query.js';
import { headersOf } from '../shared/mail-headers.js';

/** What reading a mailbox needs of the Gmail API v1, with the prices of reference/quota. */
export function gmailReadRoutes(world: GmailWorld): Route[] {
  const read = (operation: string, path: string, more: Pick<GmailMethod, 'units' | 'handle'>): Route =>
    gmailRoute(world, { operation, method: 'GET', path, scope: READ, ...more });
  return [
    read('gmail.getProfile', '/profile', { units: 1, handle: profile }),
    read('gmail.messages.list', '/messages', { units: 5, handle: list }),
    read('gmail.messages.get', '/messages/:id', { units: ({ prices }) => prices.get, handle: get }),
    read('gmail.history.list', '/history', { units: 2, handle: history }),
    read('gmail.labels.get', '/labels/:id', { units: 1, handle: label }),
    read('gmail.sendAs.list', '/settings/sendAs', { units: 1, handle: sendAs }),
  ];
}

function profile(mailbox: GmailMailbox): Answer {
  const threads = new Set(mailbox.all().map(({ threadId }) => threadId));
  return json(200, {
    emailAddress: mailbox.email,
    messagesTotal: mailbox.size,
    threadsTotal: threads.size,
    historyId: String(mailbox.historyId),
  });
}

function list(mailbox: GmailMailbox, { url }: Exchange): Answer {
  const query = url.searchParams;
  const labels = query.getAll('labelIds');
  const matches = gmailQuery(query.get('q') ?? '');
  const hidden = query.get('includeSpamTrash') === 'true' ? [] : ['SPAM', 'TRASH'];
  const found = mailbox
    .all()
    .filter(
      (message) =>
        labels.every((wanted) => message.labelIds.has(wanted)) &&
        !hidden.some((bin) => message.labelIds.has(bin) && !labels.includes(bin)) &&
        matches(message),
    );
  const { items, nextPageToken } = paged(found, query);
  return json(200, {
    ...(items.length > 0 && { messages: items.map(({ id, threadId }) => ({ id, threadId })) }),
    ...(nextPageToken !== undefined && { nextPageToken }),
    resultSizeEstimate: Math.min(found.length, 201), // as it is: no count, however much it looks like one
  });
}

function get(mailbox: GmailMailbox, { url, params }: Exchange): Answer {
  const message = mailbox.find(params['id'] ?? '');
  if (message !== null && mailbox.broken.has(message.id)) throw new RefusedByGmail(gmailRefusals.backendError);
  if (message === null) throw new RefusedByGmail(gmailRefusals.notFound);
  const format = url.searchParams.get('format') ?? 'full';
  switch (format) {
    case 'minimal':
      return json(200, described(message));
    case 'raw':
      return json(200, { ...described(message), raw: message.raw.toString('base64url') });
    case 'metadata':
      return json(200, { ...described(message), payload: { headers: wantedHeaders(message, url) } });
    default:
      throw new RefusedByGmail({ ...gmailRefusals.invalidArgument, message: `The simulator has no format ${format}` });
  }
}

const described = ({ id, threadId, labelIds, internalDate, raw, historyId }: GmailMessage) => ({
  id,
  threadId,
  labelIds: [...labelIds],
  snippet: '',
  sizeEstimate: raw.length,
  historyId: String(historyId),
  internalDate: String(internalDate),
});

function wantedHeaders({ raw }: GmailMessage, url: URL) {
  const wanted = url.searchParams.getAll('metadataHeaders').map((name) => name.toLowerCase());
  return headersOf(raw).filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()));
}

function history(mailbox: GmailMailbox, { url }: Exchange): Answer {
  const query = url.searchParams;
  const records = mailbox.historySince(Number(query.get('startHistoryId')));
  if (records === null) throw new RefusedByGmail(gmailRefusals.notFound);
  const [types, label] = [query.getAll('historyTypes') as HistoryKind[], query.get('labelId')];
  const found = records.filter(
    ({ kind, labelIds, changed }) =>
      (types.length === 0 || types.includes(kind)) &&
      (label === null || labelIds.includes(label) || changed.includes(label)),
  );
  const { items, nextPageToken } = paged(found, query);
  return json(200, {
    ...(items.length > 0 && { history: items.map(asHistory) }),
    ...(nextPageToken !== undefined && { nextPageToken }),
    historyId: String(mailbox.historyId),
  });
}

const FIELDS = {
  messageAdded: 'messagesAdded',
  messageDeleted: 'messagesDeleted',
  labelAdded: 'labelsAdded',
  labelRemoved: 'labelsRemoved',
} as const satisfies Readonly<Record<HistoryKind, string>>;

function asHistory({ id, kind, messageId, threadId, labelIds, changed }: HistoryRecord) {
  const message = { id: messageId, threadId, labelIds };
  const change = changed.length > 0 ? { message, labelIds: changed } : { message };
  return { id: String(id), messages: [{ id: messageId, threadId }], [FIELDS[kind]]: [change] };
}

function label(mailbox: GmailMailbox, { params }: Exchange): Answer {
  const id = params['id'] ?? '';
  const carrying = mailbox.all().filter(({ labelIds }) => labelIds.has(id));
  return json(200, { id, name: id, type: 'system', messagesTotal: carrying.length });
}

/** The account's own address has no verification status; every other one has (users.settings.sendAs). */
function sendAs(mailbox: GmailMailbox): Answer {
  const others = mailbox.sendAs.map(
    ({ email, displayName = '', isDefault = false, treatAsAlias = true, verificationStatus }) => ({
      sendAsEmail: email,
      displayName,
      replyToAddress: '',
      isDefault,
      treatAsAlias,
      verificationStatus,
    }),
  );
  const isDefault = !others.some((other) => other.isDefault);
  const own = { sendAsEmail: mailbox.email, displayName: '', replyToAddress: '', isPrimary: true, isDefault };
  return json(200, { sendAs: [own, ...others] });
}

/** A page token is a place in what was found then; Gmail's is no less brittle. */
function paged<T>(found: readonly T[], query: URLSearchParams): { items: readonly T[]; nextPageToken?: string } {
  const from = Number(query.get('pageToken') ?? 0);
  const most = Math.min(Number(query.get('maxResults') ?? 100), 500);
  const items = found.slice(from, from + most);
  return from + most < found.length ? { items, nextPageToken: String(from + most) } : { items };
}
