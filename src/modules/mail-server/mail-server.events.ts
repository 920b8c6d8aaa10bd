import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

export type Protocol = 'imap' | 'pop3';
/** なし or SSL (R18). */
export type ConnectionSecurity = 'none' | 'ssl';

/** What one mail service of a company is: HRBC knows Office365 and Gmail, any other server has to be described. */
export type MailService =
  | { readonly service: 'office365' | 'gmail' }
  | {
      readonly service: 'other';
      readonly protocol: Protocol;
      readonly security: ConnectionSecurity;
      readonly host: string;
      readonly port: number;
    };

/** An admin registered a mail server for the company (R15). */
export type MailServerRegistered = DomainEvent<
  'MailServerRegistered',
  { readonly mailServerId: string; readonly name: string; readonly description: MailService }
>;
/** An admin changed it; `description` is what holds from now on (R15, 鉛筆). */
export type MailServerChanged = DomainEvent<
  'MailServerChanged',
  { readonly mailServerId: string; readonly name: string; readonly description: MailService }
>;
/** An admin deleted it (R15, ゴミ箱); with `releasesSettings` the settings that used it are released too. */
export type MailServerDeleted = DomainEvent<
  'MailServerDeleted',
  { readonly mailServerId: string; readonly releasesSettings: boolean }
>;

export type MailServerEvent = MailServerRegistered | MailServerChanged | MailServerDeleted;

export const mailServerEvents = defineEvents<MailServerEvent>()({
  MailServerRegistered: { personal: [] },
  MailServerChanged: { personal: [] },
  MailServerDeleted: { personal: [] },
});

export const MAIL_SERVER = 'mailServer';
export const mailServerStream = (company: string, mailServerId: string): string =>
  streamName(MAIL_SERVER, company, mailServerId);
