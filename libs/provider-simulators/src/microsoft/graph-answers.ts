import { randomUUID } from 'node:crypto';
import { type Answer, type Exchange, json } from '../shared/exchange.js';
import { type FaultEffect } from '../shared/fault-plan.js';
import { folderIdOf, mutableIdOf, type StoredMail } from './simulated-mailbox.js';

/** An error as Microsoft Graph writes it (learn.microsoft.com/graph/errors). */
export function graphError(
  status: number,
  code: string,
  message = 'simulated',
  headers: Answer['headers'] = {},
): Answer {
  return json(status, graphErrorBody(code, message), headers);
}

export function graphErrorBody(code: string, message = 'simulated') {
  const id = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': id, 'client-request-id': id };
  return { error: { code, message, innerError } };
}

/** Faults as Graph shows them. */
export const graphFaults = {
  throttled: (retryAfterSeconds: number): FaultEffect => ({
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: graphErrorBody('ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'),
  }),
  failing: (status: 500 | 502 | 503 | 504, code = 'UnknownError'): FaultEffect => ({
    kind: 'answer',
    status,
    body: graphErrorBody(code),
  }),
  refused: (status: number, code: string): FaultEffect => ({ kind: 'answer', status, body: graphErrorBody(code) }),
} as const;

/** What a listing shows of a mail: the fields asked for, and always its id. */
export function mailView(mail: StoredMail, exchange: Exchange): Record<string, unknown> {
  const { receivedAt, subject, internetMessageId, isRead, folder, sender } = mail;
  const all: Record<string, unknown> = {
    receivedDateTime: instant(receivedAt),
    subject,
    internetMessageId,
    isRead,
    parentFolderId: folderIdOf(folder),
    from: { emailAddress: sender },
  };
  const selected = exchange.url.searchParams.get('$select')?.split(',') ?? Object.keys(all);
  return {
    id: idFor(mail, exchange),
    ...Object.fromEntries(selected.filter((name) => name in all).map((name) => [name, all[name]])),
  };
}

/** Immutable only for who asks for it, on this very call (outlook-immutable-id.md). */
export function idFor(mail: StoredMail, exchange: Exchange): string {
  return wantsImmutableIds(exchange) ? mail.immutableId : mutableIdOf(mail);
}

export function wantsImmutableIds({ headers }: Exchange): boolean {
  return /IdType\s*=\s*"ImmutableId"/i.test(headers['prefer'] ?? '');
}

export const instant = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
