import { addressesIn, headerOf, headersOf } from '../shared/mail-headers.js';
import { type Answer, type Exchange, json } from '../shared/exchange.js';
import { graphError, idFor, instant } from './graph-answers.js';
import { type StoredMail } from './simulated-mailbox.js';

/** Whether the list is asked for by the time of sending. */
export const isBySending = ({ url }: Exchange): boolean =>
  url.searchParams.get('$filter')?.startsWith('sentDateTime ') === true;

/** Newest first; `$filter=sentDateTime ge …`, `$top` and `$skip` are understood, whatever `$select` says. */
export function listSent(mails: readonly StoredMail[], exchange: Exchange, tellsHeaders: boolean): Answer {
  const query = exchange.url.searchParams;
  const since = /^sentDateTime ge (\S+Z)$/.exec(query.get('$filter') ?? '')?.[1];
  if (query.has('$filter') && since === undefined) return graphError(400, 'BadRequest', 'Invalid query');
  const [top, skip] = [Number(query.get('$top') ?? 10), Number(query.get('$skip') ?? 0)];
  const sent = mails
    .filter(({ receivedAt }) => since === undefined || receivedAt.getTime() >= Date.parse(since))
    .sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
  const next = new URL(exchange.url);
  next.searchParams.set('$skip', String(skip + top));
  return json(200, {
    value: sent.slice(skip, skip + top).map((mail) => sentItem(mail, exchange, tellsHeaders)),
    ...(skip + top < sent.length && { '@odata.nextLink': next.href }),
  });
}

/**
 * A mail that came in tells all its header fields. On copies of what was sent `internetMessageHeaders` is asked for and
 * yet often missing (microsoft-graph-docs 2716, 3066, 18761), while their MIME has the fields.
 */
function sentItem(mail: StoredMail, exchange: Exchange, tellsHeaders: boolean) {
  const { receivedAt, internetMessageId, source } = mail;
  const [address = ''] = addressesIn(headerOf(source, 'from'));
  const all = headersOf(source);
  const cameIn = all.some(({ name }) => /^received$/i.test(name));
  const internetMessageHeaders = all.filter(({ name }) => cameIn || /^x-/i.test(name));
  const from = { emailAddress: { name: '', address } };
  const item = { id: idFor(mail, exchange), sentDateTime: instant(receivedAt), internetMessageId, from };
  return cameIn || tellsHeaders ? { ...item, internetMessageHeaders } : item;
}
