import { type GmailMailbox, type GmailMessage } from '@libs/provider-simulators';
import { expect } from 'vitest';
import { type ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { type GeneratedMail, generatedMail, sha256 } from './generated-mails.js';
import { registerGmail, type ServiceWithGoogle, signIn, startWithGoogle } from './google-steps.js';
import { allMails, importCompleted, saveDetails, type SettingPage } from './mailbox-steps.js';

/** The day from which mail is received in these stories, and its edge in Japan. */
export const DAY = '2026-11-01';
export const LAST_SECOND_BEFORE = new Date('2026-10-31T14:59:59Z');
export const FIRST_SECOND = new Date('2026-10-31T15:00:00Z');
const LATER = new Date('2026-11-20T00:00:00Z');

const TARO = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };

/** 太郎, whose Gmail is connected, and what he ought to have received. */
export class GmailStory {
  /** Mails that belong into HRBC, in the order in which they came. */
  readonly wanted: GeneratedMail[] = [];
  private next = 10_000;

  private constructor(
    readonly world: ServiceWithGoogle,
    readonly admin: ApiClient,
    readonly user: ApiClient,
    readonly mailServerId: string,
    readonly mailbox: GmailMailbox,
  ) {}

  /** The service beside Google, Gmail registered, and 太郎 not connected yet. */
  static async begin(): Promise<GmailStory> {
    const world = await startWithGoogle();
    const admin = await world.service.as({ userId: 'hanako', roles: ['admin', 'auditor'] });
    const mailServerId = await registerGmail(admin);
    const user = await world.service.as(TARO);
    return new GmailStory(world, admin, user, mailServerId, world.mailbox(TARO.email));
  }

  async signIn(): Promise<void> {
    expect(await signIn(this.user, this.mailServerId, { as: TARO.email })).toBe('ok');
  }

  async setting(): Promise<SettingPage> {
    return (await this.user.get<SettingPage>('/me/mail-setting')).body;
  }

  /** Saves the details, and answers the import once it is through. */
  async import() {
    await saveDetails(this.user, DAY, true);
    return importCompleted(this.user);
  }

  deliver(mail: GeneratedMail, labelIds?: readonly string[], threadOf?: string): GmailMessage {
    return this.mailbox.deliver(mail.source, {
      internalDate: mail.internalDate,
      ...(labelIds && { labelIds }),
      ...(threadOf !== undefined && { threadOf }),
    });
  }

  /** A mail that no other is like. */
  newMail(receivedAt = LATER): GeneratedMail {
    return generatedMail(this.next++, receivedAt);
  }

  /** Delivers one that belongs into HRBC. */
  deliverWanted(mail = this.newMail()): GmailMessage {
    this.wanted.push(mail);
    return this.deliver(mail);
  }

  /**
   * Everything that belongs into HRBC is there, byte for byte, and nothing else. A mail delivered last is the fence: when
   * it is there, whatever happened before it has been looked at.
   */
  async receivedExactly(): Promise<void> {
    this.deliverWanted();
    await eventually(
      async () => (await allMails(this.user)).some(({ subject }) => subject === this.wanted.at(-1)?.subject),
      (isThere) => isThere,
    );
    await this.holdsExactly();
  }

  async holdsExactly(): Promise<void> {
    const mails = await allMails(this.user);
    const sources = await Promise.all(mails.map(async ({ id }) => this.user.bytes(`/inbox/messages/${id}/source`)));
    const digests = sources.map(({ bytes }) => sha256(bytes)).sort();
    expect(digests).toEqual(this.wanted.map(({ digest }) => digest).sort());
  }

  /** How many messages were asked for so far. */
  get fetches(): number {
    return this.world.google.requests.of('gmail.messages.get').length;
  }

  async events(type: string) {
    const { body } = await this.admin.get(`/audit/events?type=${type}&limit=200`);
    return body.items as { readonly actor: object; readonly data: Record<string, unknown> }[];
  }
}
