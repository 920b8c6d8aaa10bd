import { type BilingualText } from '@libs/eventsourcing';
import { documentedFailures } from './gateways/index.js';
import { auditErrors } from './modules/audit/index.js';
import { inboxErrors } from './modules/inbox/index.js';
import { legacySettingsErrors } from './modules/legacy-settings/index.js';
import { googleApiSettingErrors, mailServerErrors } from './modules/mail-server/index.js';
import { mailFieldFaults, outboxErrors, sendingProblems } from './modules/outbox/index.js';
import {
  consentProblems,
  legacyProblems,
  mailboxProblems,
  userMailSettingErrors,
} from './modules/user-mail-setting/index.js';
import { FIELD_FAULTS, httpErrors } from './platform/http/index.js';
import { rateLimitErrors } from './platform/rate-limits/index.js';
import { readModelErrors } from './platform/read-models/index.js';
import { authErrors, credentialErrors } from './platform/security/index.js';

const MADE_UP = { limit: 10, expected: 'string', values: 'imap, pop3' };

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

/** What can be wrong with a field (`errors[].code`), told of a made-up case. */
export const fieldFaults: Readonly<Record<string, BilingualText>> = {
  ...Object.fromEntries(Object.entries(FIELD_FAULTS).map(([code, describe]) => [code, describe(MADE_UP)])),
  ...mailFieldFaults,
};

/** What a step of the diagnosis says that failed (`steps[].code`), told of a made-up server. */
export { documentedFailures };
