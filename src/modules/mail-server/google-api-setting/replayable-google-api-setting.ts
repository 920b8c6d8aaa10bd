import { replayableOf } from '../../../platform/audit-trail/index.js';
import { googleApiSettingDecider } from './google-api-setting.decider.js';
import { googleApiSettingStream } from './google-api-setting.events.js';

/** A company's Google app as auditors see it at any instant; null before it was saved. */
export const replayableGoogleApiSetting = replayableOf({
  kind: 'google_api_setting',
  decider: googleApiSettingDecider,
  streamOf: (company) => googleApiSettingStream(company),
  show: ({ status, ...setting }) => (status === 'none' ? null : { state: status, ...setting }),
});
