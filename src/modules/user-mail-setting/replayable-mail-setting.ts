import { replayableOf } from '../../platform/audit-trail/index.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import { userMailSettingStream } from './user-mail-setting.events.js';

/** A user's mail setting as auditors see it at any instant; 未設定 counts as a state. */
export const replayableMailSetting = replayableOf({
  kind: 'mail_setting',
  decider: userMailSettingDecider,
  streamOf: userMailSettingStream,
  show: ({ status, ...setting }) => ({ state: status, ...setting }),
});
