import { type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { USER_MAIL_SETTING, type UserMailSettingEvent } from '../user-mail-setting.events.js';

/** One document a user. Its state follows from which of the three parts are there (mail-settings.view). */
export interface MailSettingDocument {
  readonly company: string;
  readonly userId: string;
  /** null once released. */
  readonly account: {
    readonly mailServerId: string;
    readonly address: string;
    readonly accountName: string;
    readonly credentialRef: string;
    readonly encryption: 'ssl' | 'starttls' | 'none';
  } | null;
  /** null until saved; they outlive a new password, and end with another server or the release. */
  readonly details: {
    readonly importSince: string | null;
    readonly receiveFrom: string;
    readonly shareByDefault: boolean;
  } | null;
  readonly actionRequired: { readonly code: string; readonly fixableBy: FixableBy; readonly since: string } | null;
  /** Of the stream; the ETag of the resource. */
  readonly revision: number;
}
type FixableBy = 'user' | 'admin' | 'service';

export const mailSettingsProjection: Projection<MailSettingDocument, UserMailSettingEvent> = {
  name: 'mail_settings',
  version: 1,
  categories: [USER_MAIL_SETTING],
  project(event) {
    const [company = '', userId = ''] = streamParts(event.stream);
    const set = { company, userId, revision: event.revision, ...changeOf(event) };
    return [{ id: event.stream, set }];
  },
};

function changeOf(event: RecordedEvent<UserMailSettingEvent>): Partial<MailSettingDocument> {
  switch (event.type) {
    case 'AccountRegistered': {
      const { mailServerId, address, accountName, credentialRef, encryption, keepsDetails } = event.data;
      const account = { mailServerId, address, accountName, credentialRef, encryption };
      return { account, actionRequired: null, ...(keepsDetails ? {} : { details: null }) };
    }
    case 'MailSettingDetailsSaved': {
      const { importSince, receiveFrom, shareByDefault } = event.data;
      return { details: { importSince, receiveFrom, shareByDefault } };
    }
    case 'MailSettingActionRequired': {
      const { code, fixableBy } = event.data;
      return { actionRequired: { code, fixableBy, since: event.metadata.at } };
    }
    case 'MailSettingReleased':
      return { account: null, details: null, actionRequired: null };
  }
}
