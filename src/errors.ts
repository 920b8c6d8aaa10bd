import { auditErrors } from './modules/audit/index.js';
import { inboxErrors } from './modules/inbox/index.js';
import { legacySettingsErrors } from './modules/legacy-settings/index.js';
import { googleApiSettingErrors, mailServerErrors } from './modules/mail-server/index.js';
import { outboxErrors, sendingProblems } from './modules/outbox/index.js';
import {
  consentProblems,
  legacyProblems,
  mailboxProblems,
  userMailSettingErrors,
} from './modules/user-mail-setting/index.js';
import { httpErrors } from './platform/http/index.js';
import { rateLimitErrors } from './platform/rate-limits/index.js';
import { readModelErrors } from './platform/read-models/index.js';
import { authErrors, credentialErrors } from './platform/security/index.js';

/** Every refusal of the product by its code, grouped as docs/errors.md shows them. */
export const errorCatalogues = {
  'Every request': { ...httpErrors, ...authErrors, ...credentialErrors, ...readModelErrors, ...rateLimitErrors },
  メールサーバー: mailServerErrors,
  'Google API設定': googleApiSettingErrors,
  ユーザーメール設定: userMailSettingErrors,
  'How a consent ended': consentProblems,
  'Problems of a mailbox': mailboxProblems,
  受信メール: inboxErrors,
  送信メール: outboxErrors,
  旧設定の切り替え: { ...legacySettingsErrors, ...legacyProblems },
  'How sending ended': sendingProblems,
  監査: auditErrors,
};
