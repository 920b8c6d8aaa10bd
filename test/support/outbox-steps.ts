import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { TestService } from './service.js';
import { type ReceivedMail, SmtpReceiver } from './smtp-receiver.js';

/** Who writes mail in these stories. */
export const taro = {
  userId: 'taro',
  email: 'taro@sample.example',
  name: '営業 太郎',
  additional_address_1: 'saiyo@sample.example',
};

export const invitation = {
  to: ['田中 <tanaka..t.@docomo.example>'],
  subject: '面談のご案内',
  text: 'よろしくお願いします。\n太郎',
};

/** HRBC's own mail server, a service that sends by it, and 太郎, who writes the mails. */
export interface OutboxStory {
  server: SmtpReceiver;
  service: TestService;
  user: ApiClient;
  received(id: string): Promise<ReceivedMail>;
}

/** Begins with the stories of this `describe` and ends with them; before each the server has nothing, and takes all. */
export function outboxStory(): OutboxStory {
  const story = { received: (id) => received(story.server, id) } as OutboxStory;
  beforeAll(async () => {
    const server = await SmtpReceiver.start();
    const patience = 'socketTimeoutSeconds=2&connectionTimeoutSeconds=2';
    const service = await TestService.start({ SMTP_URL: server.url(patience) });
    Object.assign(story, { server, service, user: await service.as(taro) });
  });
  afterAll(async () => {
    await story.service?.remove();
    await story.server?.close();
  });
  beforeEach(() => {
    story.server.conduct = 'accept';
    story.server.taken.length = 0;
  });
  return story;
}

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

/** The mail of this id as the server has it: one, and no second. */
export async function received(server: SmtpReceiver, id: string): Promise<ReceivedMail> {
  const mails = await eventually(
    async () => server.taken.filter(({ source }) => source.includes(id)),
    (found) => found.length > 0,
  );
  expect(mails).toHaveLength(1);
  return mails[0]!;
}
