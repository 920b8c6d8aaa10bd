import { type Decider } from '@libs/eventsourcing';
import {
  type DeleteGoogleApiSetting,
  type GoogleApiSettingCommand,
  type SaveGoogleApiSetting,
} from './google-api-setting.commands.js';
import { reject } from './google-api-setting.errors.js';
import { type GoogleApiSettingEvent } from './google-api-setting.events.js';

export type GoogleApiSettingState =
  | { readonly status: 'none' }
  | {
      readonly status: 'saved';
      readonly clientId: string;
      readonly credentialRef: string;
      readonly quotaUnitsPerMinute: number | null;
    }
  | { readonly status: 'deleted' };

function evolve(_state: GoogleApiSettingState, event: GoogleApiSettingEvent): GoogleApiSettingState {
  switch (event.type) {
    case 'GoogleApiSettingSaved': {
      const { clientId, credentialRef, quotaUnitsPerMinute } = event.data;
      return { status: 'saved', clientId, credentialRef, quotaUnitsPerMinute };
    }
    case 'GoogleApiSettingDeleted':
      return { status: 'deleted' };
  }
}

function save({ data }: SaveGoogleApiSetting, state: GoogleApiSettingState): readonly GoogleApiSettingEvent[] {
  if (state.status !== 'saved') {
    return [{ type: 'GoogleApiSettingSaved', data: { ...data, replacedCredentialRef: null, clientIdChanged: false } }];
  }
  const clientIdChanged = state.clientId !== data.clientId;
  const replacedCredentialRef = state.credentialRef === data.credentialRef ? null : state.credentialRef;
  const isSame =
    !clientIdChanged && replacedCredentialRef === null && state.quotaUnitsPerMinute === data.quotaUnitsPerMinute;
  return isSame ? [] : [{ type: 'GoogleApiSettingSaved', data: { ...data, replacedCredentialRef, clientIdChanged } }];
}

function remove(_command: DeleteGoogleApiSetting, state: GoogleApiSettingState): readonly GoogleApiSettingEvent[] {
  switch (state.status) {
    case 'none':
    case 'deleted':
      throw reject('google_api_setting_not_found');
    case 'saved': {
      const { clientId, credentialRef } = state;
      return [{ type: 'GoogleApiSettingDeleted', data: { clientId, credentialRef } }];
    }
  }
}

export const googleApiSettingDecider: Decider<GoogleApiSettingState, GoogleApiSettingCommand, GoogleApiSettingEvent> = {
  initialState: { status: 'none' },
  evolve,
  decide(command, state) {
    switch (command.type) {
      case 'SaveGoogleApiSetting':
        return save(command, state);
      case 'DeleteGoogleApiSetting':
        return remove(command, state);
    }
  },
};
