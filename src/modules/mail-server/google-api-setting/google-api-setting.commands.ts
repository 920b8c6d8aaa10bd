import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';

interface GoogleApp {
  readonly clientId: string;
  readonly quotaUnitsPerMinute: number | null;
}

/** `PUT /google-api-setting`: keep the secret, then save the setting. */
export class EnterGoogleApp {
  constructor(
    readonly data: GoogleApp & { readonly clientSecret: string },
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

/** Saves the setting, whose secret is stored under `credentialRef` already. */
export class SaveGoogleApiSetting implements DomainCommand<'SaveGoogleApiSetting', SaveData> {
  readonly type = 'SaveGoogleApiSetting';
  constructor(
    readonly data: SaveData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface SaveData extends GoogleApp {
  readonly credentialRef: string;
}

export class DeleteGoogleApiSetting implements DomainCommand<'DeleteGoogleApiSetting'> {
  readonly type = 'DeleteGoogleApiSetting';
  readonly data = {};
  constructor(
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

export type GoogleApiSettingCommand = SaveGoogleApiSetting | DeleteGoogleApiSetting;
