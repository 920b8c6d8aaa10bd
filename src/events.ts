import {
  AUDIT_EXPORT,
  auditExportEvents,
  PERSON,
  personEvents,
  REFUSED_ATTEMPTS,
  refusedAttemptsEvents,
  RETENTION,
  retentionEvents,
} from './modules/audit/index.js';
import {
  INBOX,
  inboxEvents,
  MAIL_ERASURE,
  mailErasureEvents,
  MESSAGE,
  messageSharingEvents,
} from './modules/inbox/index.js';
import { LEGACY_CAMPAIGN, legacyCampaignEvents } from './modules/legacy-settings/index.js';
import {
  GOOGLE_API_SETTING,
  googleApiSettingEvents,
  MAIL_SERVER,
  mailServerEvents,
} from './modules/mail-server/index.js';
import { OUTBOX_MAIL, outboxEvents } from './modules/outbox/index.js';
import {
  ADMIN_CONSENT,
  adminConsentEvents,
  USER_MAIL_SETTING,
  userMailSettingEvents,
} from './modules/user-mail-setting/index.js';

/** Every event of the product, and the categories of the streams they stand in. */
export const events = {
  ...mailServerEvents,
  ...googleApiSettingEvents,
  ...userMailSettingEvents,
  ...adminConsentEvents,
  ...inboxEvents,
  ...messageSharingEvents,
  ...mailErasureEvents,
  ...outboxEvents,
  ...legacyCampaignEvents,
  ...auditExportEvents,
  ...refusedAttemptsEvents,
  ...personEvents,
  ...retentionEvents,
};
export const categories = [
  MAIL_SERVER,
  GOOGLE_API_SETTING,
  USER_MAIL_SETTING,
  ADMIN_CONSENT,
  INBOX,
  MESSAGE,
  MAIL_ERASURE,
  OUTBOX_MAIL,
  LEGACY_CAMPAIGN,
  AUDIT_EXPORT,
  REFUSED_ATTEMPTS,
  PERSON,
  RETENTION,
];
