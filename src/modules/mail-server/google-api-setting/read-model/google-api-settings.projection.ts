import { type Projection } from '@libs/eventsourcing';
import { GOOGLE_API_SETTING, type GoogleApiSettingEvent } from '../google-api-setting.events.js';

export interface GoogleApiSettingDocument {
  readonly company: string;
  /** null: deleted. */
  readonly clientId: string | null;
  readonly quotaUnitsPerMinute: number | null;
  /** Of the stream; the ETag of the resource. */
  readonly revision: number;
}

export const googleApiSettingsProjection: Projection<GoogleApiSettingDocument, GoogleApiSettingEvent> = {
  name: 'google_api_settings',
  version: 1,
  categories: [GOOGLE_API_SETTING],
  project({ stream: id, revision, metadata: { company }, ...event }) {
    switch (event.type) {
      case 'GoogleApiSettingSaved': {
        const { clientId, quotaUnitsPerMinute } = event.data;
        return [{ id, set: { company, clientId, quotaUnitsPerMinute, revision } }];
      }
      case 'GoogleApiSettingDeleted':
        return [{ id, set: { company, clientId: null, quotaUnitsPerMinute: null, revision } }];
    }
  },
};
