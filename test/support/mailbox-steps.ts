import { type LocalDovecot } from '@libs/local-dovecot';
import { expect } from 'vitest';
import { type ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { sha256 } from './generated-mails.js';

/** The steps by which people of a company get to their mail, each checked. */

export async function registerImapServer(admin: ApiClient, dovecot: LocalDovecot): Promise<string> {
  const { status, body } = await admin.post('/mail-servers', {
    service: 'other',
    protocol: 'imap',
    security: 'none',
    host: dovecot.host,
    port: dovecot.ports.imap,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as string;
}

export async function connectAccount(
  user: ApiClient,
  mailServerId: string,
  accountName: string,
  password: string,
): Promise<void> {
  const { status, body } = await user.put('/me/mail-setting/account', { mailServerId, accountName, password });
  expect(status, JSON.stringify(body)).toBe(200);
}

export async function saveDetails(user: ApiClient, importSince: string | null, shareByDefault: boolean): Promise<void> {
  const { status, body } = await user.put('/me/mail-setting/details', { importSince, shareByDefault });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.state).toBe('in_use');
}

export interface ImportReport {
  readonly state: string;
  readonly found: number;
  readonly imported: number;
  readonly quarantined: number;
  readonly oldestOnServer: string | null;
}

/** @param deadlineMs how long a machine that is busy otherwise may take */
export async function importCompleted(user: ApiClient, deadlineMs = 120_000): Promise<ImportReport> {
  const { body } = await eventually(
    () => user.get('/me/mail-setting'),
    (answer) => answer.body.import?.state === 'completed',
    deadlineMs,
  );
  return body.import as ImportReport;
}

/**
 * Waits until HRBC has looked into the mailbox so many times more. Three are more than one poll of everybody: who is
 * polled at all has been looked at meanwhile.
 */
export async function isLookedIntoAgain(user: ApiClient, times = 3): Promise<void> {
  for (let n = 0; n < times; n++) {
    const { lastCheckedAt } = (await user.get('/me/mail-setting')).body;
    await eventually(
      () => user.get('/me/mail-setting'),
      ({ body }) => body.lastCheckedAt !== lastCheckedAt,
    );
  }
}

/** What the user sees of the own mail setting, as far as stories look at it. */
export interface SettingPage {
  readonly state: string;
  readonly problem: { readonly code: string; readonly detail: string; readonly fixableBy: string } | null;
}

export interface ListedMail {
  readonly id: string;
  readonly subject: string;
  readonly receivedAt: string;
  readonly shared: boolean;
  readonly hasAttachments: boolean;
  readonly state: string;
}

/** Every mail that the list shows, page by page. */
export async function allMails(user: ApiClient, query = 'scope=mine', limit = 200): Promise<ListedMail[]> {
  const mails: ListedMail[] = [];
  for (let after: string | null = ''; after !== null;) {
    const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const { status, body } = await user.get(`/inbox/messages?${query}&limit=${limit}${cursor}`);
    expect(status, JSON.stringify(body)).toBe(200);
    mails.push(...(body.items as ListedMail[]));
    after = body.next as string | null;
  }
  return mails;
}

/** The sources of every mail that the list shows, as digests, sorted: what is here, each as often as it is here. */
export async function receivedDigests(user: ApiClient): Promise<string[]> {
  const mails = await allMails(user);
  const sources = await Promise.all(mails.map(async ({ id }) => user.bytes(`/inbox/messages/${id}/source`)));
  return sources.map(({ bytes }) => sha256(bytes)).sort();
}

/** Waits until the list shows so many mails. */
export async function mailsAreHere(user: ApiClient, count: number): Promise<ListedMail[]> {
  return eventually(
    () => allMails(user),
    (mails) => mails.length === count,
  );
}
