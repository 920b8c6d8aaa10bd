import { expect } from 'vitest';
import { type ApiClient } from './api-client.js';
import { eventually } from './eventually.js';

/** What the outbox shows of a mail. */
export interface SentMail {
  readonly id: string;
  readonly state: string;
  readonly route: string;
  readonly messageId: string;
  readonly retryAt: string | null;
  readonly attempts: readonly {
    readonly outcome: string;
    readonly code: string | null;
    readonly detail: string | null;
    readonly refused: readonly { readonly address: string; readonly code: string; readonly reply: number | null }[];
  }[];
}

/** Asks for a mail to be sent and answers its id. */
export async function submit(user: ApiClient, mail: object): Promise<string> {
  const { status, body } = await user.post('/outbox/messages', mail);
  expect(status, JSON.stringify(body)).toBe(202);
  return body.id as string;
}

export async function sentMail(user: ApiClient, id: string): Promise<SentMail> {
  const { status, body } = await user.get<SentMail>(`/outbox/messages/${id}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** Waits until the mail is in this state. */
export async function untilState(user: ApiClient, id: string, ...states: readonly string[]): Promise<SentMail> {
  return eventually(
    () => sentMail(user, id),
    ({ state }) => states.includes(state),
  );
}

/** Waits until the mail was tried this often and waits for the next attempt. */
export async function untilPostponed(user: ApiClient, id: string, attempts = 1): Promise<SentMail> {
  return eventually(
    () => sentMail(user, id),
    (mail) => mail.attempts.length >= attempts && mail.attempts.at(-1)?.outcome === 'postponed',
  );
}
